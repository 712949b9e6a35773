import { GraphError } from '@weft/errors';
import { awaitRequirements } from './await-requirements.ts';
import type { ConditionSet } from './condition-sets.ts';
import { hasConditionalRequirements } from './conditional-requirements.ts';
import { draftSteps } from './draft-steps.ts';
import { mergeSteps } from './merge-steps.ts';
import { type PlanContext, planOperation } from './plan-operation.ts';
import type { Plannable } from './plannable.ts';
import { printSteps } from './print-steps.ts';
import { type ProvidedContext, providedBy } from './provided.ts';
import type { PlanStep } from './steps.ts';
import { uncoveredField } from './uncovered-field.ts';

export interface StepsContext extends PlanContext, ProvidedContext {}

/**
 * The requests that answer an operation. Undefined when none fit all values of its conditions, and none were `decided`.
 *
 * @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE; QUERY_PLANNING_FAILED, also for a plan that would not answer all of it.
 */
export function planSteps(
  plannable: Plannable,
  decided: ConditionSet | undefined,
  context: StepsContext,
): readonly PlanStep[] | undefined {
  const { schema } = context;
  const drafts = awaitRequirements(draftSteps(planOperation(plannable, decided, context)));
  const steps = printSteps(mergeSteps(drafts));
  const provided = providedBy(steps, context);
  const uncovered = uncoveredField({ ...plannable, steps }, provided, { schema, decided: decided ?? new Map() });
  if (decided === undefined && (uncovered !== undefined || hasConditionalRequirements(steps, provided))) {
    return undefined;
  }
  if (uncovered !== undefined) {
    throw new GraphError('QUERY_PLANNING_FAILED', 'This operation cannot be planned.', { log: { uncovered } });
  }
  return steps;
}
