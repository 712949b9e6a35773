import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
  isEnumType,
} from 'graphql';

/** What a leaf type makes of a value that a subgraph gave; `undefined`: it is of another kind. Never called with null. */
export type LeafValue = (value: unknown) => unknown;

const LARGEST_INT = 2 ** 31 - 1;
const SMALLEST_INT = -(2 ** 31);

/** Scalars that are not of the specification pass as they are; a hidden enum value (`@inaccessible`) is none. */
export function leafValue(type: GraphQLLeafType): LeafValue {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => (typeof value === 'string' && names.has(value) ? value : undefined);
  }
  switch (type.name) {
    case GraphQLInt.name:
      return intValue;
    case GraphQLFloat.name:
      return (value) => (typeof value === 'number' || JSON.isRawJSON(value) ? value : undefined);
    case GraphQLBoolean.name:
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case GraphQLString.name:
      return (value) => (typeof value === 'string' ? value : undefined);
    case GraphQLID.name:
      return idValue;
    default:
      return (value) => value;
  }
}

function intValue(value: unknown): unknown {
  const number = JSON.isRawJSON(value) ? Number(value.rawJSON) : value;
  const fits =
    typeof number === 'number' && Number.isInteger(number) && number >= SMALLEST_INT && number <= LARGEST_INT;
  return fits ? number : undefined;
}

function idValue(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return String(value);
  return JSON.isRawJSON(value) && /^-?\d+$/.test(value.rawJSON) ? value.rawJSON : undefined;
}
