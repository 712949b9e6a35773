import type { DemandRules, ListSize } from '@weft/supergraph';
import {
  type FieldNode,
  type GraphQLField,
  GraphQLInt,
  type GraphQLNamedType,
  getNullableType,
  isListType,
  type ValueNode,
} from 'graphql';

/** Arguments that say how many are asked for, where no `@listSize` names others. */
const BY_CUSTOM = new Set(['first', 'last', 'limit']);

export interface AskedField {
  readonly node: FieldNode;
  readonly parent: GraphQLNamedType;
  readonly definition: GraphQLField<unknown, unknown>;
}

/** What a field says about a list. */
export interface Sized {
  /** Undefined: nothing is said. */
  readonly size: number | undefined;
  /** Fields below it that hold the list; undefined: every list directly below it does. */
  readonly sizedFields: readonly string[] | undefined;
}

/** Gives the value of an argument, with the variables of the request in it. */
export type ReadValue = (value: ValueNode) => unknown;

/** How many items a field was asked for, and where they will be. */
export function createSizeOf(rules: DemandRules): (asked: AskedField, read: ReadValue) => Sized {
  return (asked, read) => {
    const rule = rules.listSizes.get(`${asked.parent.name}.${asked.definition.name}`);
    const sliced = rule === undefined ? slicedByCustom(asked, read) : slicedBy(rule, asked, read);
    return {
      size: sliced ?? rule?.assumedSize ?? undefined,
      sizedFields: rule !== undefined && rule.sizedFields.length > 0 ? rule.sizedFields : undefined,
    };
  };
}

function slicedBy({ slicingArguments }: ListSize, asked: AskedField, read: ReadValue): number | undefined {
  return largest(
    slicingArguments.map((path) => {
      const [name = '', ...below] = path.split('.');
      return below.reduce((value, key) => memberOf(value, key), argumentOf(name, asked, read));
    }),
  );
}

function slicedByCustom(asked: AskedField, read: ReadValue): number | undefined {
  const names = asked.definition.args.filter(
    ({ name, type }) => BY_CUSTOM.has(name) && getNullableType(type) === GraphQLInt,
  );
  return largest(names.map(({ name }) => argumentOf(name, asked, read)));
}

/** What was sent, or else the default. */
function argumentOf(name: string, { node, definition }: AskedField, read: ReadValue): unknown {
  const given = node.arguments?.find((argument) => argument.name.value === name);
  const value = given === undefined ? undefined : read(given.value);
  return value === undefined ? definition.args.find((argument) => argument.name === name)?.defaultValue : value;
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function largest(values: readonly unknown[]): number | undefined {
  const numbers = values.filter((value) => typeof value === 'number' && Number.isFinite(value)) as number[];
  return numbers.length === 0 ? undefined : Math.max(0, ...numbers);
}

/** Lists inside each other: the size is that of the outermost. */
export function listLevels(type: GraphQLField<unknown, unknown>['type']): number {
  const nullable = getNullableType(type);
  return isListType(nullable) ? 1 + listLevels(nullable.ofType) : 0;
}
