import { GraphError, isGraphError } from '@weft/errors';
import {
  defaultFieldResolver,
  type GraphQLArgument,
  type GraphQLInputType,
  type GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
} from 'graphql';

/** Stands in arguments for a value that its scalar does not take. */
class RefusedValue {
  readonly reason: GraphError;
  constructor(reason: GraphError) {
    this.reason = reason;
  }
}

/** Scalars of federation: what is in them is checked where it is used. */
const OF_FEDERATION = /^_Any$|^_?FieldSet$|__/;

/**
 * Makes a value that a custom scalar does not take an error of the field that it was given to. graphql-js refuses the
 * whole request for it, and with that everything that the gateway asked together with it: a gateway knows the values of
 * specified types only, so it cannot refuse the operation before.
 */
export function judgeValuesInPlace(schema: GraphQLSchema): void {
  const types = Object.values(schema.getTypeMap());
  const custom = new Set(types.filter(isScalarType).filter(isCustom));
  for (const scalar of custom) passOnRefused(scalar);
  for (const type of types) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!field.args.some(({ type: given }: GraphQLArgument) => holds(given, custom))) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (parent, args, context, info) => {
        const refused = refusedIn(args);
        if (refused !== undefined) throw refused.reason;
        return resolve(parent, args, context, info);
      };
    }
  }
}

function isCustom(scalar: GraphQLScalarType): boolean {
  return !isSpecifiedScalarType(scalar) && !OF_FEDERATION.test(scalar.name);
}

function passOnRefused(scalar: GraphQLScalarType): void {
  const { parseValue, parseLiteral } = scalar;
  scalar.parseValue = (value) => orRefused(scalar, () => parseValue(value));
  scalar.parseLiteral = (node, variables) => orRefused(scalar, () => parseLiteral(node, variables));
}

function orRefused(scalar: GraphQLScalarType, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    const reason = isGraphError(error)
      ? error
      : new GraphError('BAD_USER_INPUT', `${scalar.name} is malformed.`, { cause: error });
    return new RefusedValue(reason);
  }
}

/** Input types can hold each other in a circle. */
function holds(type: GraphQLInputType, custom: ReadonlySet<unknown>, seen = new Set<unknown>()): boolean {
  const named = getNamedType(type);
  if (custom.has(named)) return true;
  if (!isInputObjectType(named) || seen.has(named)) return false;
  seen.add(named);
  return Object.values(named.getFields()).some((field) => holds(field.type, custom, seen));
}

function refusedIn(value: unknown): RefusedValue | undefined {
  if (value instanceof RefusedValue) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const inside of Object.values(value)) {
    const found = refusedIn(inside);
    if (found !== undefined) return found;
  }
  return undefined;
}
