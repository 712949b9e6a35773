import { descend, isAlwaysProvided, type Provided } from './provided.ts';
import type { PlanStep, RequiredSelection } from './steps.ts';

/**
 * True when some representation holds a field that other steps bring only if a condition holds. Without the field no
 * representation can be made, and planners put fields that need it into one fetch with fields that do not: such an operation
 * needs a plan for each set of values of its conditions.
 */
export function hasConditionalRequirements(steps: readonly PlanStep[], provided: Provided): boolean {
  return steps.some((step) =>
    (step.groups ?? []).some(({ places, requires }) =>
      places.some((place) => isConditional(requires, descend(provided, place))),
    ),
  );
}

function isConditional(requires: readonly RequiredSelection[], at: Provided): boolean {
  return requires.some((selection) => {
    if (selection.kind === 'InlineFragment') return isConditional(selection.selections, at);
    const found = at.fields.get(selection.name);
    return found !== undefined && (!isAlwaysProvided(found) || isConditional(selection.selections ?? [], found.below));
  });
}
