import type { ResponseHead } from './response-head.ts';

/** A whole answer. */
export interface HttpReply {
  /** Whether the connection serves the next request is not the reader's business; the rest of the head is. */
  readonly head: Pick<ResponseHead, 'status' | 'contentType' | 'contentEncoding' | 'cacheControl' | 'writeToken'>;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * `unreached`: no connection, so the request cannot have arrived; `unanswered`: it may have arrived, and not a byte came
 * back; `broken`: what came back is no whole answer.
 */
export interface HttpFailure {
  readonly kind: 'unreached' | 'unanswered' | 'broken';
  /** Says nothing about the subgraph: the connection had answered before and may have been too old, or was given up by the gateway. */
  readonly blameless: boolean;
  readonly cause: unknown;
}

/** Whoever holds an exchange that is not over. */
export interface Holder {
  cancel(exchange: Exchange): void;
}

/** One request and what comes of it: one call of `onReply` or `onFailure`, unless it is cancelled. */
export interface Exchange {
  /** All of the request, one character a byte. */
  readonly text: string;
  /** It may share a connection with others that wait for their answers: a query. */
  readonly mayShare: boolean;
  /** On a connection that has not been used before. */
  readonly fresh: boolean;
  /** Set by the client. */
  holder: Holder | undefined;
  /** The bytes may be read into again as soon as it returns. */
  onReply(reply: HttpReply): void;
  onFailure(failure: HttpFailure): void;
}

/** Ends an exchange without a call to it. The connection it was on is not used again. */
export function cancel(exchange: Exchange): void {
  const { holder } = exchange;
  exchange.holder = undefined;
  holder?.cancel(exchange);
}
