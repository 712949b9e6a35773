import type { FetchNode as ApolloFetch, QueryPlan as ApolloPlan, FetchDataRewrite } from '@apollo/query-planner';
import { Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import { splitRequirements } from './corrections/split-requirements.ts';
import { type VirtualFields, withRealFields } from './corrections/virtual-fields.ts';
import type { DataRewrite, FetchNode, PlanNode, QueryPlan, RequiredSelection } from './query-plan.ts';

type ApolloNode = NonNullable<ApolloPlan['node']>;

/** Plans of @apollo/query-planner in our shape, with the real fields where virtual ones stood. */
export function fromApolloPlan(plan: ApolloPlan, virtual: VirtualFields): QueryPlan {
  return plan.node === undefined ? {} : { node: toNode(plan.node, virtual) };
}

function toNode(node: ApolloNode, virtual: VirtualFields): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { kind: node.kind, nodes: node.nodes.map((inner) => toNode(inner, virtual)) };
    case 'Flatten':
      return { kind: 'Flatten', path: node.path.map(String), node: toNode(node.node, virtual) };
    case 'Condition':
      return {
        kind: 'Condition',
        condition: node.condition,
        ifClause: node.ifClause && toNode(node.ifClause, virtual),
        elseClause: node.elseClause && toNode(node.elseClause, virtual),
      };
    case 'Fetch':
      return toFetch(node, virtual);
    default:
      throw new Error(`a plan with ${node.kind} is not run here`);
  }
}

function toFetch(node: ApolloFetch, virtual: VirtualFields): PlanNode {
  const operation = operationOf(node);
  const { requires } = node;
  if (requires === undefined || requires.length === 0) {
    const real = { ...operation, selectionSet: withRealFields(operation.selectionSet, virtual.byName) };
    return { ...fetchOf(node, real), entities: null, outputRewrites: rewrites(node.outputRewrites) };
  }
  const field = operation.selectionSet.selections[0];
  if (field?.kind !== Kind.FIELD || field.selectionSet === undefined) throw new Error('a fetch without _entities');
  const parts = splitRequirements(
    { selections: field.selectionSet, requires: requires as readonly RequiredSelection[] },
    virtual,
  );
  const nodes = parts.map((part): PlanNode => {
    const entities = { ...field, selectionSet: withRealFields(part.selections, virtual.byName) };
    const selectionSet: SelectionSetNode = { ...operation.selectionSet, selections: [entities] };
    return {
      ...fetchOf(node, { ...operation, selectionSet }),
      entities: [
        {
          responseKey: '_entities',
          places: [[]],
          requires: part.requires,
          inputRewrites: rewrites(node.inputRewrites),
          outputRewrites: rewrites(node.outputRewrites),
        },
      ],
      outputRewrites: [],
    };
  });
  return nodes.length === 1 && nodes[0] !== undefined ? nodes[0] : { kind: 'Parallel', nodes };
}

function operationOf({ operation }: ApolloFetch): OperationDefinitionNode {
  const [definition, ...others] = parse(operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) throw new Error('a fetch of several parts');
  return definition;
}

function fetchOf(
  node: ApolloFetch,
  operation: OperationDefinitionNode,
): Omit<FetchNode, 'entities' | 'outputRewrites'> {
  if (operation.operation === 'subscription') throw new Error('a subscription is not run here');
  return {
    kind: 'Fetch',
    subgraph: node.serviceName,
    type: operation.operation,
    operation,
    operationName: node.operationName,
  };
}

function rewrites(given: readonly FetchDataRewrite[] | undefined): readonly DataRewrite[] {
  return given ?? [];
}
