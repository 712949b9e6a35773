import { GraphError, messageOf } from '@weft/errors';

/**
 * A request failed before a byte of its answer came.
 * `arrived`: `never`: no connection, so the subgraph cannot have seen it; `perhaps`: it was written, then the connection broke.
 */
export class NoAnswerError extends GraphError {
  readonly arrived: 'never' | 'perhaps';
  /** Says nothing about the copy: the connection had answered before and may have been too old, or was given up by the gateway. */
  readonly blameless: boolean;
  readonly url: URL;

  constructor(
    subgraph: string,
    url: URL,
    told: { readonly arrived: 'never' | 'perhaps'; readonly blameless: boolean; readonly cause: unknown },
  ) {
    super('SUBREQUEST_HTTP_ERROR', 'A subgraph could not be reached.', {
      log: { subgraph, url: url.href, arrived: told.arrived, reason: reasonOf(told.cause) },
      cause: told.cause,
    });
    this.arrived = told.arrived;
    this.blameless = told.blameless;
    this.url = url;
  }
}

/** The code of a system error; of one of them when several addresses were tried. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return codeOf(error.errors[0]);
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export function reasonOf(error: unknown): string {
  return [codeOf(error), messageOf(error)].filter((part) => part !== '').join(': ');
}
