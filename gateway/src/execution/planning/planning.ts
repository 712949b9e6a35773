import type { PlanStep } from '../plan/steps.ts';

/** An operation to plan, as text so that it can go to another thread. */
export interface PlanningRequest {
  /** One operation, under the names that `toPlannable` gives. */
  readonly text: string;
  /** Values of its conditions; undefined: a plan that fits them all. */
  readonly decided: readonly (readonly [variable: string, is: boolean])[] | undefined;
}

/** Makes the steps of operations on one supergraph; lives as long as its generation. */
export interface Planning {
  /**
   * Undefined: no plan fits all values of the conditions. An aborted request is left if nobody has begun with it; else its plan still comes.
   *
   * @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE, QUERY_PLANNING_FAILED, PLANNING_BUSY, SHUTTING_DOWN; the reason of `signal`.
   */
  steps(request: PlanningRequest, signal?: AbortSignal): Promise<readonly PlanStep[] | undefined>;
  stop(): Promise<void>;
}
