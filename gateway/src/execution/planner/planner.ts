import type { DocumentNode } from 'graphql';
import type { QueryPlan } from './query-plan.ts';

export interface PlanRequest {
  /** Validated; response names and variables are those that `toPlannable` gives. */
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
}

/** Plans operations on one supergraph; lives as long as its generation. */
export interface Planner {
  readonly name: string;
  /**
   * Synchronous: from a millisecond for a small operation to a second for a large one on a large graph.
   *
   * @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE for an operation too large to plan, QUERY_PLANNING_FAILED for one that the
   * planner cannot plan.
   */
  plan(request: PlanRequest): QueryPlan;
}
