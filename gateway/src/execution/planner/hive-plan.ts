import type {
  BatchFetchNode,
  EntityBatchAlias,
  FetchNodePathSegment,
  FetchRewrite,
  FlattenNodePathSegment,
  FetchNode as HiveFetch,
  PlanNode as HiveNode,
  QueryPlan as HivePlan,
  KeyRenamer,
  RequiresSelection,
  ValueSetter,
} from '@graphql-hive/router-query-planner';
import {
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import type {
  DataRewrite,
  EntityNode,
  FetchNode,
  Place,
  PlanNode,
  QueryPlan,
  RequiredSelection,
} from './query-plan.ts';

/** Plans of @graphql-hive/router-query-planner in our shape. */
export function fromHivePlan(plan: HivePlan): QueryPlan {
  return !plan.node ? {} : { node: toNode(plan.node, []) };
}

/** `types`: what the path of the Flatten around a fetch says of the objects at its end. */
function toNode(node: HiveNode, types: readonly string[]): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { kind: node.kind, nodes: node.nodes.map((inner) => toNode(inner, types)) };
    case 'Flatten':
      return { kind: 'Flatten', path: toPlace(node.path), node: toNode(node.node, typesAtEnd(node.path)) };
    case 'Condition':
      return {
        kind: 'Condition',
        condition: node.condition,
        ifClause: node.ifClause ? toNode(node.ifClause, types) : undefined,
        elseClause: node.elseClause ? toNode(node.elseClause, types) : undefined,
      };
    case 'Fetch':
      return toFetch(node, types);
    case 'BatchFetch':
      return { ...fetchOf(node), entities: node.entityBatch.aliases.map(toEntities), outputRewrites: [] };
    default:
      throw new Error(`a plan with ${node.kind} is not run here`);
  }
}

function toFetch(node: HiveFetch, types: readonly string[]): FetchNode {
  const outputRewrites = rewrites(node.outputRewrites);
  if (!node.requires) return { ...fetchOf(node), entities: null, outputRewrites };
  const requires = onlyOf(types, required(node.requires));
  const inputRewrites = rewrites(node.inputRewrites);
  const entities = [{ responseKey: '_entities', places: [[]], requires, inputRewrites, outputRewrites }];
  return { ...fetchOf(node), entities, outputRewrites: [] };
}

/** The paths of a batch can end with different types; its representations are told apart by those. */
function toEntities({ alias, paths, requires, ...batch }: EntityBatchAlias): EntityNode {
  const types = paths.flatMap(typesAtEnd);
  const restricted = paths.every((path) => typesAtEnd(path).length > 0) ? types : [];
  return {
    responseKey: alias,
    places: paths.map(toPlace),
    requires: onlyOf(restricted, required(requires)),
    inputRewrites: rewrites(batch.inputRewrites),
    outputRewrites: rewrites(batch.outputRewrites),
  };
}

function fetchOf(node: HiveFetch | BatchFetchNode): Omit<FetchNode, 'entities' | 'outputRewrites'> {
  const type = node.operationKind ?? 'query';
  if (type === 'subscription') throw new Error('a subscription is not run here');
  return {
    kind: 'Fetch',
    subgraph: node.serviceName,
    type,
    operation: operationOf(node.operation),
    operationName: node.operationName ?? undefined,
  };
}

function operationOf(text: string): OperationDefinitionNode {
  const { definitions } = parse(text, { noLocation: true });
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('a fetch without an operation');
  const fragments = new Map(
    definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])),
  );
  return fragments.size === 0 ? operation : spread(operation, fragments);
}

/** Writes named fragments out where they are used. */
function spread(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): OperationDefinitionNode {
  const inner = (node: FragmentSpreadNode): InlineFragmentNode => {
    const found = fragments.get(node.name.value);
    if (found === undefined) throw new Error(`a fetch without the fragment ${node.name.value}`);
    const { typeCondition, selectionSet } = found;
    const { directives = [] } = node;
    return visit({ kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet }, { FragmentSpread: inner });
  };
  return visit(operation, { FragmentSpread: inner });
}

/** Types on the way to a field say nothing that its response name does not; those at the end are in `typesAtEnd`. */
function toPlace(path: readonly FlattenNodePathSegment[]): Place {
  return path.flatMap((segment) => (segment === '@' ? '@' : 'Field' in segment ? segment.Field : []));
}

function typesAtEnd(path: readonly FlattenNodePathSegment[]): readonly string[] {
  const last = path.at(-1);
  return typeof last === 'object' && 'TypeCondition' in last ? last.TypeCondition : [];
}

function onlyOf(types: readonly string[], selections: readonly RequiredSelection[]): readonly RequiredSelection[] {
  if (types.length === 0) return selections;
  return types.map((typeCondition) => ({ kind: 'InlineFragment', typeCondition, selections }));
}

function required(selections: readonly RequiresSelection[]): RequiredSelection[] {
  return selections.map((selection): RequiredSelection => {
    switch (selection.kind) {
      case 'Field': {
        const { name, alias } = selection;
        return {
          kind: 'Field',
          name,
          ...(alias && { alias }),
          ...(selection.selections && { selections: required(selection.selections) }),
        };
      }
      case 'InlineFragment': {
        const { typeCondition } = selection;
        return { kind: 'InlineFragment', typeCondition, selections: required(selection.selections) };
      }
      default:
        throw new Error(`a representation with ${selection.kind} is not made here`);
    }
  });
}

function rewrites(given: readonly FetchRewrite[] | null | undefined): DataRewrite[] {
  return (given ?? []).flatMap((rewrite) => {
    const { path, ...change } = changeOf(rewrite);
    return pathsOf(path).map((one): DataRewrite => ({ ...change, path: one }));
  });
}

type Change = ({ readonly kind: 'ValueSetter' } & ValueSetter) | ({ readonly kind: 'KeyRenamer' } & KeyRenamer);

/** They come in two shapes. */
function changeOf(rewrite: FetchRewrite): Change {
  if ('ValueSetter' in rewrite) return { kind: 'ValueSetter', ...rewrite.ValueSetter };
  if ('KeyRenamer' in rewrite) return { kind: 'KeyRenamer', ...rewrite.KeyRenamer };
  return rewrite;
}

/** One path for each type where a segment names several. */
function pathsOf(segments: readonly FetchNodePathSegment[]): string[][] {
  let paths: string[][] = [[]];
  for (const segment of segments) {
    const keys = 'Key' in segment ? [segment.Key] : segment.TypenameEquals.map((type) => `... on ${type}`);
    paths = paths.flatMap((path) => keys.map((key) => [...path, key]));
  }
  return paths;
}
