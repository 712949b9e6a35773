import type { Identity } from '@weft/service';
import type { WriteTokens } from './write-tokens.ts';

/** What every part of the way of one operation may know. Made when the operation is admitted, dropped with its answer. */
export interface OperationContext {
  /** Verified by the gateway; null: the caller gave no token. */
  readonly user: Identity | null;
  /** Client headers that the configuration lets through, lower case. Never an identity header. */
  readonly forwardedHeaders: Readonly<Record<string, string>>;
  /** Aborted when the client leaves or the operation's time is over; its reason is the error. */
  readonly signal: AbortSignal;
  /** When this operation must be answered, on the clock of `performance.now()`. */
  readonly deadlineMs: number;
  readonly cacheHints: CacheHints;
  /** What the client wrote lately; absent: nobody carries that here. */
  readonly writeTokens?: WriteTokens | undefined;
}

/** Collects what subgraphs say about caching; the strictest word counts. Any engine reports each answer it used. */
export interface CacheHints {
  /** `header`: the Cache-Control of one subgraph answer; absent means that nothing may be kept. */
  add(header: string | undefined): void;
}
