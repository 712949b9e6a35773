import { ERROR_CODES, type GraphError, isGraphError } from '@weft/errors';
import { type DocumentNode, Kind, print, type VariableDefinitionNode } from 'graphql';
import { type PlannerNames, toPlannable } from '../plan/plannable.ts';
import type { PlanStep } from '../plan/steps.ts';
import { assertPlannableSize } from '../planner/expansion-bound.ts';
import type { Planning } from '../planning/planning.ts';
import { createShared, type WaitBounds } from '../planning/shared-wait.ts';
import type { CompileContext } from './compile-context.ts';
import { type CompiledOperation, compileOperation } from './compiled-operation.ts';
import { conditionsOf } from './conditions.ts';
import { plainVariables } from './plain-variables.ts';

type IsTrue = (variable: string) => boolean;

/** An operation that the engine has seen: compiled once, or, where that is not possible, once for each set of conditions. */
export interface KnownOperation {
  /** Of the client's own text, for messages about its variables. */
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  /** See `plainVariables`. */
  readonly arePlain: (variables: Readonly<Record<string, unknown>>) => boolean;
  /** True when nothing has to be planned for these values. */
  has(isTrue: IsTrue): boolean;
  /** Who asks while a plan is being made gets that one. @throws what `Planning` throws; the reason of the bounds' signal. */
  compiled(isTrue: IsTrue, bounds: WaitBounds): CompiledOperation | Promise<CompiledOperation>;
  /** The values of conditions that it was compiled for, for compiling it so on another supergraph. */
  known(): readonly IsTrue[];
}

export interface KnownOperationOptions extends CompileContext {
  readonly names: PlannerNames;
  readonly planning: Planning;
}

/** Plans kept for one operation, one for each set of values of its conditions. */
const MOST_PLANS = 32;
const ANY = 'any';
/** Finding out again that there is no plan could cost more than any plan; but a busy machine does not refuse for ever. */
const REFUSED_FOR_MS = 60_000;

type Kept =
  | { readonly isTrue: IsTrue; readonly compiled: CompiledOperation }
  | { readonly refused: GraphError; readonly untilMs: number };

/** @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE */
export function knownOperation(
  document: DocumentNode,
  operationName: string | undefined,
  context: KnownOperationOptions,
): KnownOperation {
  assertPlannableSize(document);
  const plannable = toPlannable(document, operationName, context.names);
  const variableDefinitions = definitionsOf(document, operationName);
  const text = print(plannable.document);
  const conditions = conditionsOf([plannable.document]);
  const kept = new Map<string, Kept>();
  const shared = createShared<CompiledOperation>();
  // a field of a mutation must not be run twice because it stands there under two conditions
  let oneForAll = plannable.operation.operation !== 'mutation' || conditions.variables.length === 0;
  const keyFor = (isTrue: IsTrue): string => (oneForAll ? ANY : conditions.key(isTrue));
  const found = (isTrue: IsTrue): Kept | undefined => {
    const known = kept.get(keyFor(isTrue));
    return known !== undefined && 'refused' in known && known.untilMs < performance.now() ? undefined : known;
  };

  const stepsFor = async (isTrue: IsTrue, signal: AbortSignal): Promise<readonly PlanStep[]> => {
    if (oneForAll) {
      const steps = await context.planning.steps({ text, decided: undefined }, signal);
      if (steps !== undefined) return steps;
      oneForAll = false;
    }
    const decided = conditions.variables.map((variable) => [variable, isTrue(variable)] as const);
    const steps = await context.planning.steps({ text, decided }, signal);
    if (steps === undefined) throw new Error('an operation whose conditions are decided has a plan');
    return steps;
  };
  const keep = (isTrue: IsTrue, made: Kept): void => {
    if (kept.size >= MOST_PLANS) kept.clear();
    kept.set(keyFor(isTrue), made);
  };
  const make = async (isTrue: IsTrue, signal: AbortSignal): Promise<CompiledOperation> => {
    try {
      const compiled = compileOperation(plannable, await stepsFor(isTrue, signal), context);
      const values = new Map(conditions.variables.map((variable) => [variable, isTrue(variable)]));
      keep(isTrue, { isTrue: (variable) => values.get(variable) === true, compiled });
      return compiled;
    } catch (error) {
      if (isGraphError(error) && ERROR_CODES[error.code].retry === 'changed') {
        keep(isTrue, { refused: error, untilMs: performance.now() + REFUSED_FOR_MS });
      }
      throw error;
    }
  };
  return {
    variableDefinitions,
    arePlain: plainVariables(variableDefinitions),
    has: (isTrue) => found(isTrue) !== undefined,
    compiled(isTrue, bounds) {
      const known = found(isTrue);
      if (known === undefined) {
        return shared.get(conditions.key(isTrue), (signal) => make(isTrue, signal), bounds);
      }
      if ('refused' in known) throw known.refused;
      return known.compiled;
    },
    known: () => [...kept.values()].flatMap((one) => ('refused' in one ? [] : one.isTrue)),
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
