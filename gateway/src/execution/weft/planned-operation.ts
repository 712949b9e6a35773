import type { DocumentNode } from 'graphql';
import type { PlanStep } from '../plan/steps.ts';
import { compileProgram } from '../program/program.ts';
import { type KnownOperationOptions, knownOperation } from './known-operation.ts';

/** How the engine `weft` runs an operation. */
export interface PlannedOperation {
  readonly steps: readonly PlanStep[];
  /** The generated program, or why there is none and the operation runs over objects. */
  readonly program: { readonly code: string } | { readonly without: string };
}

/** Longer than any plan takes that a gateway would wait for. */
const TIMEOUT_MS = 60_000;

/**
 * Plans and compiles one valid operation of a document as a gateway on this supergraph would, and runs nothing.
 * `isTrue`: the values of the variables in `@skip` and `@include`, for which a plan is made where no plan fits all.
 *
 * @throws GraphError COST_ESTIMATED_TOO_EXPENSIVE, QUERY_PLANNING_FAILED
 */
export async function planAndCompile(
  document: DocumentNode,
  operationName: string | undefined,
  { context, isTrue }: { readonly context: KnownOperationOptions; readonly isTrue: (variable: string) => boolean },
): Promise<PlannedOperation> {
  const bounds = { signal: new AbortController().signal, deadlineMs: performance.now() + TIMEOUT_MS };
  const { plan, programs } = await knownOperation(document, operationName, context).compiled(isTrue, bounds);
  const options = { ...context, plan, programs };
  const forAll = compileProgram(options);
  const made = 'unsupported' in forAll && forAll.undecided ? compileProgram({ ...options, decided: isTrue }) : forAll;
  return { steps: plan.steps, program: 'unsupported' in made ? { without: made.unsupported } : { code: made.source } };
}
