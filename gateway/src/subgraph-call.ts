import type { OperationContext } from './operation-context.ts';

/** One request to a subgraph, before anything is known about copies and connections. */
export interface SubgraphCall {
  readonly subgraph: string;
  /** URL in the supergraph of the calling generation; empty when it was composed without one. */
  readonly address: string;
  /** Mutations are sent again only when the first request certainly never arrived. */
  readonly type: 'query' | 'mutation';
  /** The JSON text that is sent. */
  readonly body: string;
  /** Client path of the objects this fetch completes, `products.@.reviews`; empty for root fields. */
  readonly path: string;
  readonly context: OperationContext;
}

/** What came back: a whole body of JSON by its media type, not yet parsed. */
export interface SubgraphReply {
  readonly status: number;
  /** Of the subgraph's answer; absent: not cacheable. */
  readonly cacheControl: string | undefined;
  readonly text: string;
}

/**
 * Calls a subgraph.
 *
 * @throws GraphError SUBREQUEST_HTTP_ERROR, SUBREQUEST_MALFORMED_RESPONSE, SUBGRAPH_TIMEOUT, or the abort reason of the operation.
 */
export type CallSubgraph = (call: SubgraphCall) => Promise<SubgraphReply>;

/** A request to a subgraph over bytes. */
export interface ByteCall extends Omit<SubgraphCall, 'body'> {
  /** UTF-8, one character a byte. */
  readonly bodyBytes: string;
}

/** What came back, valid UTF-8: [start, end) of a buffer that may be reused once `done` has returned. */
export interface ByteReply {
  readonly status: number;
  readonly cacheControl: string | undefined;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export type ByteOutcome = { readonly reply: ByteReply } | { readonly error: unknown };

/** Calls a subgraph; `done` is called once, also for what goes wrong, with the errors of `CallSubgraph`. */
export type CallBytes = (call: ByteCall, done: (outcome: ByteOutcome) => void) => void;
