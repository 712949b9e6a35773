import { GraphError, isGraphError, messageOf } from '@weft/errors';
import { loadSupergraph } from '@weft/supergraph';
import { parse } from 'graphql';
import { planSteps, type StepsContext } from '../plan/plan-steps.ts';
import { plannableOf } from '../plan/plannable.ts';
import type { PlanStep } from '../plan/steps.ts';
import { createPlanner, type PlannerName } from '../planner/planners.ts';
import { createSubgraphTypes } from '../planner/subgraph-types.ts';
import type { Planning, PlanningRequest } from './planning.ts';

/** Which supergraph, and by whom. */
export interface PlanningSource {
  /** Of a supergraph that has been loaded. */
  readonly supergraphSdl: string;
  readonly planner: PlannerName;
}

/** Plans one request on the thread that calls it. */
export type PlanRequestNow = (request: PlanningRequest) => readonly PlanStep[] | undefined;

/** @throws UserError when the planner does not run on this machine. */
export function createPlanRequest({ supergraphSdl, planner }: PlanningSource): PlanRequestNow {
  const { document, schema, supergraph } = loadSupergraph(supergraphSdl);
  const context: StepsContext = {
    planner: createPlanner(planner, document),
    schema,
    supergraph: supergraph.schema.toGraphQLJSSchema(),
    subgraphTypes: createSubgraphTypes(supergraph),
  };
  return ({ text, decided }) => {
    const plannable = plannableOf(parse(text, { noLocation: true }));
    try {
      return planSteps(plannable, decided && new Map(decided), context);
    } catch (error) {
      // whatever a planner stumbles over, it is this operation that it cannot plan
      throw isGraphError(error) ? error : planningFailed(error);
    }
  };
}

export function planningFailed(cause: unknown): GraphError {
  const log = { reason: messageOf(cause), stack: cause instanceof Error ? cause.stack : undefined };
  return new GraphError('QUERY_PLANNING_FAILED', 'This operation cannot be planned.', { log, cause });
}

/** Without threads: for tools that have nobody to keep waiting. */
export function createPlanningHere(source: PlanningSource): Planning {
  const plan = createPlanRequest(source);
  return {
    steps: async (request) => plan(request),
    async stop() {},
  };
}
