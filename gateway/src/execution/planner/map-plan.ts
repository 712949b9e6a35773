import type { FetchNode, Place, PlanNode } from './query-plan.ts';

export interface PlanChange {
  readonly fetch: (fetch: FetchNode) => FetchNode;
  /** Of a Flatten; absent: places stay. */
  readonly path?: (path: Place) => Place;
}

/** The same plan with other fetches. */
export function mapPlan(node: PlanNode, change: PlanChange): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((inner) => mapPlan(inner, change)) };
    case 'Flatten':
      return { ...node, path: change.path?.(node.path) ?? node.path, node: mapPlan(node.node, change) };
    case 'Condition':
      return {
        ...node,
        ifClause: node.ifClause && mapPlan(node.ifClause, change),
        elseClause: node.elseClause && mapPlan(node.elseClause, change),
      };
    case 'Fetch':
      return change.fetch(node);
  }
}
