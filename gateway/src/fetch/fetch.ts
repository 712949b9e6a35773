import type { ByteCall, ByteReply } from '../subgraph-call.ts';

/** A call on its way out: each stage adds what it knows. One object for all attempts of a call. */
export interface FetchRequest extends ByteCall {
  /** Header lines that say for whom it is asked, each with its line break: what the client sent and may pass, and the user. */
  callerHeaders: string;
  /** Header lines of the trace. */
  traceHeaders: string;
  /** Header lines of this attempt. */
  attemptHeaders: string;
  /** The value of `weft-user` in `callerHeaders`, which is signed. */
  userToken: string | undefined;
  /** Moment on `performance.now()` by which the answer must be whole. */
  deadlineMs: number;
  /** The copy that is called; chosen by `balance`. */
  url: URL | undefined;
  /** A copy that just failed for this call: another one is better. */
  avoid: URL | undefined;
  /** The attempt goes over a connection that has not been used before. */
  fresh: boolean;
  /** Why nobody waits any more: the error that `done` gets. */
  ended: unknown;
  /** Set by whoever waits for something now. */
  waiting: Waiting | undefined;
}

/** Somebody who waits on behalf of a request. */
export interface Waiting {
  /** Stops to wait, and calls `done` with `ended` of the request. */
  giveUp(): void;
}

export interface FetchReply extends ByteReply {
  /** The copy that answered. */
  readonly url: URL;
}

export type FetchOutcome = { readonly reply: FetchReply } | { readonly error: unknown };

/** `done` is called once, and the bytes of a reply are read before it returns. Nothing is thrown. */
export type Fetch = (request: FetchRequest, done: (outcome: FetchOutcome) => void) => void;

/** One feature of the way to a subgraph. `wrap` runs once, when the gateway starts; the Fetch it returns runs for every fetch. */
export interface FetchStage {
  readonly name: string;
  /** One sentence for docs/lifecycle.md. */
  readonly does: string;
  wrap(next: Fetch): Fetch;
}

/** Ends a request that is under way; the first reason counts. */
export function giveUp(request: FetchRequest, reason: unknown): void {
  if (request.ended !== undefined) return;
  request.ended = reason;
  const { waiting } = request;
  request.waiting = undefined;
  waiting?.giveUp();
}
