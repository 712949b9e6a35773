import { GraphError } from '@weft/errors';
import type { GraphQLSchema } from 'graphql';
import { createIntrospection } from '../objects/introspect.ts';
import { type ObjectShape, objectShape } from '../objects/shapes.ts';
import { type ProgramContext, type StepProgram, stepProgram } from '../objects/step-program.ts';
import { awaitRequirements } from '../plan/await-requirements.ts';
import type { ConditionSet } from '../plan/condition-sets.ts';
import { hasConditionalRequirements } from '../plan/conditional-requirements.ts';
import { draftSteps } from '../plan/draft-steps.ts';
import { mergeSteps } from '../plan/merge-steps.ts';
import type { OperationPlan } from '../plan/operation-plan.ts';
import { type PlanContext, planOperation } from '../plan/plan-operation.ts';
import type { Plannable } from '../plan/plannable.ts';
import { printSteps } from '../plan/print-steps.ts';
import { type ProvidedContext, providedBy } from '../plan/provided.ts';
import { uncoveredField } from '../plan/uncovered-field.ts';
import { conditionsOf } from './conditions.ts';
import { createPrograms, type ProgramFor } from './programs.ts';

/** An operation as an engine keeps it. */
export interface CompiledOperation {
  readonly plan: OperationPlan;
  readonly programs: readonly StepProgram[];
  readonly introspect: ReturnType<typeof createIntrospection>;
  /** The shape of the answer when conditions have these values. */
  shapeFor(isTrue: (variable: string) => boolean): ObjectShape;
  readonly programFor: ProgramFor;
}

export interface CompileContext extends ProgramContext, ProvidedContext, PlanContext {
  /** False: operations run over objects, and no code is generated. */
  readonly generateCode: boolean;
}

/** Shapes kept for one operation, one for each set of values that its conditions have had. */
const MOST_SHAPES = 64;

/**
 * Undefined when the operation has no plan that fits all values of its conditions, and none were `decided`.
 *
 * @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE; INTERNAL_SERVER_ERROR for a plan that would not answer the operation.
 */
export function compileOperation(
  plannable: Plannable,
  decided: ConditionSet | undefined,
  context: CompileContext,
): CompiledOperation | undefined {
  const { schema } = context;
  const { operation, fragments } = plannable;
  const drafts = awaitRequirements(draftSteps(planOperation(plannable, decided, context)));
  const plan: OperationPlan = { steps: printSteps(mergeSteps(drafts)), operation, fragments };
  const provided = providedBy(plan.steps, context);
  const uncovered = uncoveredField(plan, provided, { schema, decided: decided ?? new Map() });
  if (decided === undefined && (uncovered !== undefined || hasConditionalRequirements(plan.steps, provided))) {
    return undefined;
  }
  if (uncovered !== undefined) {
    throw new GraphError('INTERNAL_SERVER_ERROR', 'This operation cannot be planned.', { log: { uncovered } });
  }
  const programs = plan.steps.map((step) => stepProgram(step, context));
  return {
    plan,
    programs,
    programFor: createPrograms(plan, programs, context),
    introspect: createIntrospection(schema, plan),
    shapeFor: createShapes(plan, schema),
  };
}

function createShapes({ operation, fragments }: OperationPlan, schema: GraphQLSchema): CompiledOperation['shapeFor'] {
  const conditions = conditionsOf([operation, ...fragments.values()]);
  const root = schema.getRootType(operation.operation)?.name ?? '';
  const shapes = new Map<string, ObjectShape>();
  return (isTrue) => {
    const key = conditions.key(isTrue);
    let shape = shapes.get(key);
    if (shape === undefined) {
      if (shapes.size >= MOST_SHAPES) shapes.clear();
      const decided = new Map(conditions.variables.map((variable) => [variable, isTrue(variable)]));
      shape = objectShape(root, [operation.selectionSet], {
        schema,
        fragments,
        isTrue: (variable) => decided.get(variable) === true,
      });
      shapes.set(key, shape);
    }
    return shape;
  };
}
