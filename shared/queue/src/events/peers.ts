/** What another process answered: its status is below 500. */
export interface PeerAnswer {
  readonly status: number;
  /** Parsed JSON, not looked at yet. */
  readonly body: unknown;
}

/**
 * Sends JSON to another process by its name in the settings (`peers`), signed for it, and gives its answer. Throws
 * SUBREQUEST_HTTP_ERROR when there was no answer in time or one of 500 and more: whether it was done is not known then.
 */
export type CallPeer = (
  peer: string,
  request: { readonly path: string; readonly body: object; readonly signal: AbortSignal },
) => Promise<PeerAnswer>;

/** Where subgraphs take each other's events. */
export const EVENTS_PATH = '/events';
