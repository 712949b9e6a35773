import type { StepProgram } from '../objects/step-program.ts';
import type { OperationPlan } from '../plan/operation-plan.ts';
import { compileProgram, type Program } from '../program/program.ts';
import type { CompileContext } from './compile-context.ts';
import { conditionsOf } from './conditions.ts';

/** The program over bytes for these values of the conditions; undefined: objects must do. */
export type ProgramFor = (isTrue: (variable: string) => boolean) => Program | undefined;

/** Programs kept for one operation whose conditions decide about its program, one for each set of their values. */
const MOST_PROGRAMS = 16;
const NONE = undefined;

/** Compiled when first asked for: an operation that comes once is not worth it. */
export function createPrograms(
  plan: OperationPlan,
  programs: readonly StepProgram[],
  context: CompileContext,
): ProgramFor {
  if (!context.generateCode) return () => NONE;
  const options = { ...context, plan, programs };
  const conditions = conditionsOf([plan.operation, ...plan.fragments.values()]);
  const byConditions = new Map<string, Program | undefined>();
  let forAll: Program | undefined | 'unknown' | 'undecided' = 'unknown';
  return (isTrue) => {
    if (forAll === 'unknown') {
      const made = compileProgram(options);
      forAll = 'unsupported' in made ? (made.undecided ? 'undecided' : NONE) : made;
    }
    if (forAll !== 'undecided') return forAll;
    const key = conditions.key(isTrue);
    if (byConditions.has(key)) return byConditions.get(key);
    const decided = new Map(conditions.variables.map((variable) => [variable, isTrue(variable)]));
    const made = compileProgram({ ...options, decided: (variable) => decided.get(variable) === true });
    if (byConditions.size >= MOST_PROGRAMS) byConditions.clear();
    const program = 'unsupported' in made ? NONE : made;
    byConditions.set(key, program);
    return program;
  };
}
