import { type GraphError, isGraphError } from '@weft/errors';
import { type DocumentNode, Kind, type VariableDefinitionNode } from 'graphql';
import { type PlannerNames, toPlannable } from '../plan/plannable.ts';
import { assertPlannableSize } from '../planner/expansion-bound.ts';
import { type CompileContext, type CompiledOperation, compileOperation } from './compiled-operation.ts';
import { conditionsOf } from './conditions.ts';

/** An operation that the engine has seen: compiled once, or, where that is not possible, once for each set of conditions. */
export interface KnownOperation {
  /** Of the client's own text, for messages about its variables. */
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  /** True when nothing has to be planned for these values. */
  has(isTrue: (variable: string) => boolean): boolean;
  /** @throws what `compileOperation` throws. */
  compiled(isTrue: (variable: string) => boolean): CompiledOperation;
}

export interface KnownOperationOptions extends CompileContext {
  readonly names: PlannerNames;
}

/** Plans kept for one operation, one for each set of values of its conditions. */
const MOST_PLANS = 32;
const ANY = 'any';

/** @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE */
export function knownOperation(
  document: DocumentNode,
  operationName: string | undefined,
  context: KnownOperationOptions,
): KnownOperation {
  assertPlannableSize(document);
  const plannable = toPlannable(document, operationName, context.names);
  const conditions = conditionsOf([plannable.document]);
  const plans = new Map<string, CompiledOperation | GraphError>();
  // a field of a mutation must not be run twice because it stands there under two conditions
  let oneForAll = plannable.operation.operation !== 'mutation' || conditions.variables.length === 0;
  const keyFor = (isTrue: (variable: string) => boolean): string => (oneForAll ? ANY : conditions.key(isTrue));
  return {
    variableDefinitions: definitionsOf(document, operationName),
    has: (isTrue) => plans.has(keyFor(isTrue)),
    compiled(isTrue) {
      const found = plans.get(keyFor(isTrue));
      const known = found ?? keep(isTrue);
      if (isGraphError(known)) throw known;
      return known;
    },
  };

  /** A refusal is kept too: finding it out again could cost more than any plan. */
  function keep(isTrue: (variable: string) => boolean): CompiledOperation | GraphError {
    let made: CompiledOperation | GraphError | undefined;
    try {
      made = oneForAll ? compileOperation(plannable, undefined, context) : undefined;
      oneForAll = made !== undefined;
      const decided = new Map(conditions.variables.map((variable) => [variable, isTrue(variable)]));
      made ??= compileOperation(plannable, decided, context);
    } catch (error) {
      if (!isGraphError(error)) throw error;
      made = error;
    }
    if (made === undefined) throw new Error('an operation whose conditions are decided has a plan');
    if (plans.size >= MOST_PLANS) plans.clear();
    plans.set(keyFor(isTrue), made);
    return made;
  }
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
