import { AsyncResource } from 'node:async_hooks';
import type { CallBytes } from '../subgraph-call.ts';
import { balanceStage } from './balance.ts';
import { circuitBreakerStage } from './circuit-breaker.ts';
import type { Copies } from './copies.ts';
import { type DeadlineOptions, deadlineStage } from './deadline.ts';
import { type DeduplicateOptions, deduplicateStage } from './deduplicate.ts';
import type { Fetch, FetchStage } from './fetch.ts';
import { type HeadersOptions, headersStage } from './headers.ts';
import { type ObserveOptions, observeStage } from './observe.ts';
import { retryStage } from './retry.ts';
import { type SignRequest, signStage } from './sign.ts';

export interface FetchStagesOptions extends HeadersOptions, ObserveOptions, DeadlineOptions, DeduplicateOptions {
  readonly copies: Copies;
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
    deduplicateStage(options), // behind headers, which say for whom it is; before anything that is about sending
    retryStage(options.copies), // around balance, so that the second attempt goes to another copy
    balanceStage(options.copies), // before what is about one copy: its circuit, and its path that is signed
    circuitBreakerStage({ ...options, log: options.telemetry.log }), // inside of retry and balance: each attempt and copy counts
    signStage(options.sign), // innermost: a nonce and a time left are of one attempt
  ];
}

/** The stages around `send`, as the function an engine calls. `done` runs in the async context of the call. */
export function createCallBytes(stages: readonly FetchStage[], send: Fetch): CallBytes {
  const fetch = stages.reduceRight<Fetch>((next, stage) => stage.wrap(next), send);
  return ({ subgraph, address, type, bodyBytes, path, context }, done) => {
    // what comes back comes in the context of a connection
    const resource = new AsyncResource('weft.fetch');
    fetch(
      {
        subgraph,
        address,
        type,
        bodyBytes,
        path,
        context,
        callerHeaders: '',
        traceHeaders: '',
        attemptHeaders: '',
        userToken: undefined,
        deadlineMs: context.deadlineMs,
        url: undefined,
        avoid: undefined,
        fresh: false,
        ended: undefined,
        waiting: undefined,
      },
      (outcome) => resource.runInAsyncScope(done, undefined, outcome),
    );
  };
}
