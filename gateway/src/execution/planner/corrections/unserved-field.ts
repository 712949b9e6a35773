import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType, Kind, type SelectionSetNode } from 'graphql';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection } from '../query-plan.ts';
import type { ServedFields } from './served-fields.ts';

export interface UnservedContext {
  readonly served: ServedFields;
  /** The supergraph as the planner knows it. */
  readonly schema: GraphQLSchema;
}

/**
 * The first field that a plan asks of a subgraph which cannot answer it: one that it only names, or one without what it
 * requires. @apollo/query-planner makes such fetches for requirements of requirements; their answers would be made up.
 */
export function unservedField(plan: QueryPlan, context: UnservedContext): string | undefined {
  return plan.node === undefined ? undefined : inNode(plan.node, context);
}

function inNode(node: PlanNode, context: UnservedContext): string | undefined {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return first(node.nodes, (inner) => inNode(inner, context));
    case 'Flatten':
      return inNode(node.node, context);
    case 'Condition':
      return first([node.ifClause, node.elseClause], (branch) => branch && inNode(branch, context));
    case 'Fetch':
      return inFetch(node, context);
  }
}

function first<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inFetch(fetch: FetchNode, context: UnservedContext): string | undefined {
  const { operation, entities, subgraph } = fetch;
  const shared = { ...context, subgraph, provided: new Set<string>() };
  const root = context.schema.getRootType(operation.operation)?.name ?? '';
  if (entities === null) return inSet(operation.selectionSet, root, { ...shared, known: new Set() });
  return first(entities, ({ responseKey, requires }) => {
    const known = new Set(namesIn(requires));
    return first(operation.selectionSet.selections, (field) => {
      if (field.kind !== Kind.FIELD || field.selectionSet === undefined) return undefined;
      if ((field.alias ?? field.name).value !== responseKey) return undefined;
      return inSet(field.selectionSet, '', { ...shared, known });
    });
  });
}

/** Of the entity itself, not of what is below it. */
function namesIn(requires: readonly RequiredSelection[]): string[] {
  return requires.flatMap((one) => (one.kind === 'Field' ? [one.name] : namesIn(one.selections)));
}

interface Position extends UnservedContext {
  readonly subgraph: string;
  /** In the representation. */
  readonly known: ReadonlySet<string>;
  /** External fields that are answered here all the same. */
  readonly provided: ReadonlySet<string>;
}

function inSet(set: SelectionSetNode, type: string, position: Position): string | undefined {
  const { served, subgraph, known, provided, schema } = position;
  return first(set.selections, (selection) => {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return undefined;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return inSet(selection.selectionSet, selection.typeCondition?.name.value ?? type, position);
    }
    const name = selection.name.value;
    const { external = false, requires = [], provides = [] } = served(subgraph, type, name) ?? {};
    const unmet = requires.some((required) => !known.has(required) && !provided.has(required));
    if ((external && !provided.has(name)) || unmet) return `${type}.${name} of ${subgraph}`;
    if (selection.selectionSet === undefined) return undefined;
    const inner = { ...position, known: new Set<string>(), provided: new Set([...provided, ...provides]) };
    return inSet(selection.selectionSet, fieldType(type, name, schema), inner);
  });
}

function fieldType(typeName: string, field: string, schema: GraphQLSchema): string {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const definition = type.getFields()[field];
  return definition === undefined ? '' : getNamedType(definition.type).name;
}
