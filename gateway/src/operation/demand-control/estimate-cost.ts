import type { DemandRules } from '@weft/supergraph';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isUnionType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { isIncluded } from '../conditions.ts';
import { operationOf, type ValidatedOperation } from '../validated-operation.ts';
import { type AskedField, createSizeOf, listLevels, type Sized } from './list-size.ts';

export interface EstimateOptions {
  readonly schema: GraphQLSchema;
  readonly demand: DemandRules;
  readonly assumedListSize: number;
}

/** `variables`: every one that is read may change the cost. */
export type EstimateCost = (operation: ValidatedOperation, variables: Readonly<Record<string, unknown>>) => number;

/** Fields of one type with one name in the answer: they are one field of it. */
interface Group {
  readonly parent: GraphQLNamedType;
  readonly fields: [FieldNode, ...FieldNode[]];
}

/**
 * What an operation may come to, before it runs: the objects it can give, by the sizes of lists that it asks for. The
 * weights are those of the cost specification (`@cost`, `@listSize`): 1 for an object, 0 for a leaf.
 */
export function createEstimateCost({ schema, demand, assumedListSize }: EstimateOptions): EstimateCost {
  const sizeOf = createSizeOf(demand);
  const { weights } = demand;
  return (operation, variables) => {
    const collected: Collecting = { schema, fragments: fragmentsOf(operation), variables };
    const read = (value: ValueNode) => valueFromASTUntyped(value, variables);

    const costOfSets = (
      sets: readonly SelectionSetNode[],
      type: GraphQLNamedType,
      sized: Sized | undefined,
    ): number => {
      const groups = new Map<string, Group>();
      for (const set of sets) collect(set, type, { ...collected, groups });
      let cost = 0;
      for (const { parent, fields } of groups.values()) cost += costOfField(fields, parent, sized);
      return cost;
    };

    const costOfField = (fields: Group['fields'], parent: GraphQLNamedType, sized: Sized | undefined): number => {
      const [node] = fields;
      const definition = definitionOf(parent, node.name.value);
      if (definition === undefined) return 0; // __typename and introspection ask nothing of a subgraph
      const asked: AskedField = { node, parent, definition };
      const own = sizeOf(asked, read);
      const levels = listLevels(definition.type);
      const of = getNamedType(definition.type);
      const below = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      const weight = weights.get(`${parent.name}.${definition.name}`) ?? weights.get(of.name) ?? defaultWeight(of);
      const each = weight + costOfSets(below, of, levels === 0 ? own : undefined);
      const listed = own.size ?? sizeFrom(sized, definition.name) ?? assumedListSize;
      const times = levels === 0 ? 1 : listed * assumedListSize ** (levels - 1);
      return times * each + costOfArguments(asked, weights);
    };

    const definition = operationOf(operation);
    const root = schema.getRootType(definition.operation);
    return root === undefined || root === null ? 0 : costOfSets([definition.selectionSet], root, undefined);
  };
}

interface Collecting {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

function collect(
  set: SelectionSetNode,
  parent: GraphQLNamedType,
  into: Collecting & { readonly groups: Map<string, Group> },
): void {
  const { schema, fragments, variables, groups } = into;
  for (const selection of set.selections) {
    if (!isIncluded(selection.directives, variables)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = `${parent.name}:${selection.alias?.value ?? selection.name.value}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { parent, fields: [selection] });
      else group.fields.push(selection);
    } else {
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const on = fragment.typeCondition?.name.value;
      collect(fragment.selectionSet, (on === undefined ? undefined : schema.getType(on)) ?? parent, into);
    }
  }
}

function costOfArguments({ node, parent, definition }: AskedField, weights: DemandRules['weights']): number {
  if (weights.size === 0) return 0;
  const coordinate = (name: string) => `${parent.name}.${definition.name}(${name}:)`;
  return (node.arguments ?? []).reduce((cost, { name }) => cost + (weights.get(coordinate(name.value)) ?? 0), 0);
}

function defaultWeight(type: GraphQLNamedType): number {
  return isCompositeType(type) ? 1 : 0;
}

/** Of the list that a connection holds: `products(first: 10) { edges { node { id } } }`. */
function sizeFrom(sized: Sized | undefined, field: string): number | undefined {
  if (sized === undefined) return undefined;
  return sized.sizedFields === undefined || sized.sizedFields.includes(field) ? sized.size : undefined;
}

function fragmentsOf({ document }: ValidatedOperation): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
}

function definitionOf(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isCompositeType(parent) && !isUnionType(parent) ? parent.getFields()[name] : undefined;
}
