import { type DocumentNode, type GraphQLSchema, Kind, type VariableDefinitionNode } from 'graphql';
import { createIntrospection } from '../objects/introspect.ts';
import { type ObjectShape, objectShape } from '../objects/shapes.ts';
import { type ProgramContext, type StepProgram, stepProgram } from '../objects/step-program.ts';
import { assertCovered } from '../plan/assert-covered.ts';
import { draftSteps } from '../plan/draft-steps.ts';
import { mergeSteps } from '../plan/merge-steps.ts';
import type { OperationPlan } from '../plan/operation-plan.ts';
import { type PlannerNames, toPlannable } from '../plan/plannable.ts';
import { printSteps } from '../plan/print-steps.ts';
import { assertPlannableSize } from '../planner/expansion-bound.ts';
import type { Planner } from '../planner/planner.ts';
import { type Conditions, conditionsOf } from './conditions.ts';

/** An operation as an engine keeps it. */
export interface CompiledOperation {
  readonly plan: OperationPlan;
  readonly programs: readonly StepProgram[];
  /** Of the client's own text, for messages about its variables. */
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  readonly conditions: Conditions;
  readonly introspect: ReturnType<typeof createIntrospection>;
  /** The shape of the answer when conditions have these values. */
  shapeFor(isTrue: (variable: string) => boolean): ObjectShape;
}

export interface CompileContext extends ProgramContext {
  readonly planner: Planner;
  readonly names: PlannerNames;
  /** What clients see. */
  readonly schema: GraphQLSchema;
}

/** Shapes kept for one operation, one for each set of values that its conditions have had. */
const MOST_SHAPES = 64;

/**
 * @throws GraphError MAX_SELECTIONS_LIMIT, INTERNAL_SERVER_ERROR for a plan that would not answer the operation.
 */
export function compileOperation(
  document: DocumentNode,
  operationName: string | undefined,
  context: CompileContext,
): CompiledOperation {
  assertPlannableSize(document);
  const plannable = toPlannable(document, operationName, context.names);
  const { operation, fragments } = plannable;
  const drafts = draftSteps(context.planner.plan({ document: plannable.document, operationName }));
  const plan: OperationPlan = { steps: printSteps(mergeSteps(drafts)), operation, fragments };
  assertCovered(plan, context.schema);
  const conditions = conditionsOf(plannable.document);
  const root = context.schema.getRootType(operation.operation)?.name ?? '';
  const shapes = new Map<string, ObjectShape>();
  return {
    plan,
    programs: plan.steps.map((step) => stepProgram(step, context)),
    variableDefinitions: definitionsOf(document, operationName),
    conditions,
    introspect: createIntrospection(context.schema, plan),
    shapeFor(isTrue) {
      const key = conditions.key(isTrue);
      let shape = shapes.get(key);
      if (shape === undefined) {
        if (shapes.size >= MOST_SHAPES) shapes.clear();
        shape = objectShape(root, [operation.selectionSet], { schema: context.schema, fragments, isTrue });
        shapes.set(key, shape);
      }
      return shape;
    },
  };
}

function definitionsOf(document: DocumentNode, operationName: string | undefined): readonly VariableDefinitionNode[] {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    if (operationName === undefined || definition.name?.value === operationName) {
      return definition.variableDefinitions ?? [];
    }
  }
  return [];
}
