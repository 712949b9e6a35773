import type { GraphQLSchema } from 'graphql';
import { createIntrospection } from '../objects/introspect.ts';
import { type ObjectShape, objectShape } from '../objects/shapes.ts';
import { type StepProgram, stepProgram } from '../objects/step-program.ts';
import type { OperationPlan } from '../plan/operation-plan.ts';
import type { Plannable } from '../plan/plannable.ts';
import type { PlanStep } from '../plan/steps.ts';
import type { CompileContext } from './compile-context.ts';
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

/** Shapes kept for one operation, one for each set of values that its conditions have had. */
const MOST_SHAPES = 64;

/** Makes ready all that can be before an operation runs. */
export function compileOperation(
  { operation, fragments }: Plannable,
  steps: readonly PlanStep[],
  context: CompileContext,
): CompiledOperation {
  const { schema } = context;
  const plan: OperationPlan = { steps, operation, fragments };
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
