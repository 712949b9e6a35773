import { operationFromDocument } from '@apollo/federation-internals';
import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import type { DocumentNode } from 'graphql';
import type { LoadedSupergraph } from './load-supergraph.ts';

/** One call of a subgraph. */
export interface PlannedFetch {
  readonly kind: 'fetch';
  readonly subgraph: string;
  /** The text that is sent. */
  readonly operation: string;
  /** Where its entities are in the answer, `['products', '@']`; empty for root fields. */
  readonly path: readonly string[];
  /** The entities that it asks for, with the fields that say which one; empty for root fields. */
  readonly entities: readonly { readonly type: string; readonly fields: readonly string[] }[];
}

/** How an operation is answered: what waits for what. `either` holds the ways of a condition, of which one is taken. */
export type PlannedStep =
  | PlannedFetch
  | { readonly kind: 'sequence' | 'parallel' | 'either'; readonly steps: readonly PlannedStep[] };

/** The plan of one valid operation; undefined when no subgraph has to be asked. */
export type PlanOperation = (document: DocumentNode) => PlannedStep | undefined;

/**
 * Plans of @apollo/query-planner for a loaded supergraph, in the shape that comparing plans needs. The planner is
 * loaded when it is asked for: most who load a supergraph never plan.
 */
export async function createOperationPlanner({ supergraph, apiSchema }: LoadedSupergraph): Promise<PlanOperation> {
  const { QueryPlanner } = await import('@apollo/query-planner');
  const planner = new QueryPlanner(supergraph);
  return (document) => {
    const { node } = planner.buildQueryPlan(operationFromDocument(apiSchema, document, { validate: false }));
    return node === undefined ? undefined : toStep(node, []);
  };
}

function toStep(node: PlanNode | SubscriptionNode, path: readonly string[]): PlannedStep {
  switch (node.kind) {
    case 'Fetch':
      return toFetch(node, path);
    case 'Flatten':
      return toStep(node.node, node.path.map(String));
    case 'Sequence':
      return { kind: 'sequence', steps: node.nodes.map((inner) => toStep(inner, path)) };
    case 'Parallel':
      return { kind: 'parallel', steps: node.nodes.map((inner) => toStep(inner, path)) };
    case 'Condition': {
      const ways = [node.ifClause, node.elseClause].filter((way) => way !== undefined);
      return { kind: 'either', steps: ways.map((way) => toStep(way, path)) };
    }
    case 'Defer': {
      const parts = [node.primary, ...node.deferred].flatMap((part) => part.node ?? []);
      return { kind: 'sequence', steps: parts.map((part) => toStep(part, path)) };
    }
    case 'Subscription':
      return { kind: 'sequence', steps: [node.primary, node.rest].flatMap((part) => (part ? toStep(part, path) : [])) };
  }
}

function toFetch({ serviceName, operation, requires }: FetchNode, path: readonly string[]): PlannedFetch {
  const entities = (requires ?? []).flatMap((selection) => {
    if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) return [];
    const fields = selection.selections.flatMap((inner) =>
      inner.kind === 'Field' && inner.name !== '__typename' ? [inner.name] : [],
    );
    return [{ type: selection.typeCondition, fields }];
  });
  return { kind: 'fetch', subgraph: serviceName, operation, path, entities };
}
