import type { SubgraphCall, SubgraphReply } from '../subgraph-call.ts';

/** A call on its way out: each stage adds what it knows. */
export interface FetchRequest extends SubgraphCall {
  /** Sent as they are; lower case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Aborted by the deadline, or when the operation is; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Moment on `performance.now()` by which the answer must be whole. */
  readonly deadlineMs: number;
  /** The copy that is called; chosen by `balance`. */
  readonly url: URL | undefined;
  /** A copy that just failed for this call: another one is better. */
  readonly avoid: URL | undefined;
}

export interface FetchReply extends SubgraphReply {
  /** The copy that answered. */
  readonly url: URL;
}

export type Fetch = (request: FetchRequest) => Promise<FetchReply>;

/** One feature of the way to a subgraph. `wrap` runs once, when the gateway starts; the Fetch it returns runs for every fetch. */
export interface FetchStage {
  readonly name: string;
  /** One sentence for docs/lifecycle.md. */
  readonly does: string;
  wrap(next: Fetch): Fetch;
}
