import { GraphError } from '@weft/errors';

/**
 * A request failed before a byte of its answer came.
 * `arrived`: `never`: no connection, so the subgraph cannot have seen it; `perhaps`: it was written, then the connection broke.
 */
export class NoAnswerError extends GraphError {
  readonly arrived: 'never' | 'perhaps';
  readonly url: URL;

  constructor(subgraph: string, url: URL, arrived: 'never' | 'perhaps', cause: unknown) {
    super('SUBREQUEST_HTTP_ERROR', 'A subgraph could not be reached.', {
      log: { subgraph, url: url.href, arrived, reason: reasonOf(cause) },
      cause,
    });
    this.arrived = arrived;
    this.url = url;
  }
}

/** System and undici errors carry a code; the text may be empty when several addresses failed. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return cause.message === '' ? code : `${code}: ${cause.message}`;
}
