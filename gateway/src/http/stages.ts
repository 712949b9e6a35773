import type { Telemetry } from '@weft/telemetry';
import { answerErrorsStage } from './answer-errors.ts';
import { authenticateStage, type VerifyToken } from './authenticate.ts';
import { clientIdentityStage } from './client-identity.ts';
import { consoleStage } from './console.ts';
import { type CorsOptions, corsStage } from './cors.ts';
import { csrfStage } from './csrf.ts';
import type { HttpStage } from './exchange.ts';
import { observeStage } from './observe.ts';
import { routeStage } from './route.ts';

export interface HttpStagesOptions {
  readonly path: string;
  readonly telemetry: Telemetry;
  /** Names of operations that have a label in metrics whatever is sent. */
  readonly knownOperations: readonly string[];
  readonly cors: CorsOptions;
  readonly forward: readonly string[];
  readonly verifyToken: VerifyToken;
  /** Undefined in production. */
  readonly consoleDirectory: string | undefined;
}

/** Every HTTP stage, outermost first. The order is the behaviour: move a line only with its reason. */
export function httpStages(options: HttpStagesOptions): HttpStage[] {
  const { path, telemetry, consoleDirectory } = options;
  return [
    clientIdentityStage(options), // reads headers only; the counts of observe are by client
    observeStage(options), // around all that can fail, so that every answer is counted
    corsStage(options.cors), // outside of answer-errors: a page must be able to read a refusal too
    answerErrorsStage(telemetry), // around everything that refuses
    ...(consoleDirectory === undefined ? [] : [consoleStage({ directory: consoleDirectory, path })]), // before route, which knows one path
    routeStage(options), // before anything that costs
    csrfStage(), // before authenticate: a request that a page forged must not even learn whether its token is good
    authenticateStage(options.verifyToken), // innermost: checking a signature is the most expensive refusal
  ];
}
