import { type AuthorizationOptions, authorizationStage } from './authorization/authorization.ts';
import type { Executor, ValidatedStage } from './validated-operation.ts';

/** Every stage between validation and planning, outermost first. The order is the behaviour: move a line only with its reason. */
export function validatedStages(options: AuthorizationOptions): ValidatedStage[] {
  return [
    authorizationStage(options), // before anything is planned or counted: nobody is charged for what is refused
  ];
}

/** The stages around the engine of one supergraph. */
export function admitted(executor: Executor, stages: readonly ValidatedStage[]): Executor {
  const { schema } = executor;
  const engine: Executor['execute'] = (operation, context) => executor.execute(operation, context);
  return { schema, execute: stages.reduceRight((next, stage) => stage.wrap(next), engine) };
}
