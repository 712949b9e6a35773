import { type AuthorizationOptions, authorizationStage } from './authorization/authorization.ts';
import { type DeduplicateOptions, deduplicateStage } from './deduplicate.ts';
import { type DemandControlOptions, demandControlStage } from './demand-control/demand-control.ts';
import type { Executor, ValidatedStage } from './validated-operation.ts';

/** Every stage between validation and planning, outermost first. The order is the behaviour: move a line only with its reason. */
export function validatedStages(
  options: AuthorizationOptions & DemandControlOptions & DeduplicateOptions,
): ValidatedStage[] {
  return [
    authorizationStage(options), // before demand-control: nobody is charged for what is refused
    demandControlStage(options), // before what would be planned: it counts that
    deduplicateStage(options), // innermost: each caller has been let through, with what it may see
  ];
}

/** An engine, as this plane knows it. */
export interface Runner extends Executor {
  /** Can give the answer as text. */
  answer?: Executor['execute'];
}

/** The stages around the engine of one supergraph. */
export function admitted(runner: Runner, stages: readonly ValidatedStage[]): Executor {
  const { schema } = runner;
  const engine: Executor['execute'] = (operation, context) =>
    operation.unread === true && runner.answer !== undefined
      ? runner.answer(operation, context)
      : runner.execute(operation, context);
  return { schema, execute: stages.reduceRight((next, stage) => stage.wrap(next), engine) };
}
