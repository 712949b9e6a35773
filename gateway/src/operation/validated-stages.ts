import { type AuthorizationOptions, authorizationStage } from './authorization/authorization.ts';
import { type DemandControlOptions, demandControlStage } from './demand-control/demand-control.ts';
import type { Executor, ValidatedStage } from './validated-operation.ts';

/** Every stage between validation and planning, outermost first. The order is the behaviour: move a line only with its reason. */
export function validatedStages(options: AuthorizationOptions & DemandControlOptions): ValidatedStage[] {
  return [
    authorizationStage(options), // before demand-control: nobody is charged for what is refused
    demandControlStage(options), // innermost: it counts what would be planned
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
