import type { GraphQLSchema } from 'graphql';
import { createIntrospection } from '../objects/introspect.ts';
import { type ObjectShape, objectShape } from '../objects/shapes.ts';
import { type ProgramContext, type StepProgram, stepProgram } from '../objects/step-program.ts';
import { assertCovered } from '../plan/assert-covered.ts';
import { hasConditionalRequirements } from '../plan/conditional-requirements.ts';
import { draftSteps } from '../plan/draft-steps.ts';
import { mergeSteps } from '../plan/merge-steps.ts';
import type { OperationPlan } from '../plan/operation-plan.ts';
import type { Plannable } from '../plan/plannable.ts';
import { printSteps } from '../plan/print-steps.ts';
import { type ProvidedContext, providedBy } from '../plan/provided.ts';
import { withoutExcluded } from '../plan/without-excluded.ts';
import type { Planner } from '../planner/planner.ts';
import { conditionsOf } from './conditions.ts';

/** An operation as an engine keeps it. */
export interface CompiledOperation {
  readonly plan: OperationPlan;
  readonly programs: readonly StepProgram[];
  readonly introspect: ReturnType<typeof createIntrospection>;
  /** The shape of the answer when conditions have these values. */
  shapeFor(isTrue: (variable: string) => boolean): ObjectShape;
}

export interface CompileContext extends ProgramContext, ProvidedContext {
  readonly planner: Planner;
  /** What clients see. */
  readonly schema: GraphQLSchema;
}

/** Values of conditions, by variables of the plannable operation. */
export type DecidedConditions = ReadonlyMap<string, boolean>;

/** Shapes kept for one operation, one for each set of values that its conditions have had. */
const MOST_SHAPES = 64;

/**
 * Undefined when the operation has no plan that fits all values of its conditions, and none were `decided`.
 *
 * @throws GraphError MAX_SELECTIONS_LIMIT; INTERNAL_SERVER_ERROR for a plan that would not answer the operation.
 */
export function compileOperation(
  { document, operation, fragments }: Plannable,
  decided: DecidedConditions | undefined,
  context: CompileContext,
): CompiledOperation | undefined {
  const { planner, schema } = context;
  const asked = withoutExcluded(document, (variable) => decided?.get(variable));
  const drafts = draftSteps(planner.plan({ document: asked, operationName: operation.name?.value }));
  const plan: OperationPlan = { steps: printSteps(mergeSteps(drafts)), operation, fragments };
  const provided = providedBy(plan.steps, context);
  if (decided === undefined && hasConditionalRequirements(plan.steps, provided)) return undefined;
  assertCovered(plan, provided, { schema, decided: decided ?? new Map() });
  return {
    plan,
    programs: plan.steps.map((step) => stepProgram(step, context)),
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
