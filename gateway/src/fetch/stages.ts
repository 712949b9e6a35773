import type { CallSubgraph, SubgraphCall } from '../subgraph-call.ts';
import { balanceStage } from './balance.ts';
import { circuitBreakerStage } from './circuit-breaker.ts';
import type { Copies } from './copies.ts';
import { deadlineStage } from './deadline.ts';
import type { Fetch, FetchStage } from './fetch.ts';
import { type HeadersOptions, headersStage } from './headers.ts';
import { type ObserveOptions, observeStage } from './observe.ts';
import { retryStage } from './retry.ts';
import { type SignRequest, signStage } from './sign.ts';

export interface FetchStagesOptions extends HeadersOptions, ObserveOptions {
  readonly copies: Copies;
  readonly timeoutMs: number;
  readonly breakAfter: number;
  readonly breakForMs: number;
  readonly sign: SignRequest | undefined;
}

/** Every fetch stage, outermost first. The order is the behaviour: move a line only with its reason. */
export function fetchStages(options: FetchStagesOptions): FetchStage[] {
  return [
    observeStage(options), // outermost, so that one span and one count cover whatever happens below, retries too
    deadlineStage(options), // before anything that waits: all of it counts against the deadline
    headersStage(options), // inside the span, whose id it writes; once for all attempts
    retryStage(options.copies), // around balance, so that the second attempt goes to another copy
    balanceStage(options.copies), // before what is about one copy: its circuit, and its path that is signed
    circuitBreakerStage({ ...options, log: options.telemetry.log }), // inside of retry and balance: each attempt and copy counts
    signStage(options.sign), // innermost: a nonce and a time left are of one attempt
  ];
}

/** The stages around `send`, as the function an engine calls. */
export function createCallSubgraph(stages: readonly FetchStage[], send: Fetch): CallSubgraph {
  const fetch = stages.reduceRight<Fetch>((next, stage) => stage.wrap(next), send);
  return (call: SubgraphCall) =>
    fetch({
      ...call,
      headers: {},
      signal: call.context.signal,
      deadlineMs: call.context.deadlineMs,
      url: undefined,
      avoid: undefined,
    });
}
