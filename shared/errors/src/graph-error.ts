import { ERROR_CODES, type ErrorCode } from './codes.ts';

export interface GraphErrorOptions {
  /** Goes to the client beside `code`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Goes to the log and never to a client: hosts, shards, statements. */
  readonly log?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** An expected failure. Its message, code and extensions are for clients; everything else stays in the process. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
  readonly code: ErrorCode;
  /** graphql-js copies the extensions of an error that a resolver threw, so the code arrives by itself. */
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly log: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: GraphErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.extensions = { ...options.extensions, code };
    this.log = options.log ?? {};
  }

  /** The HTTP status of a response that has no `data` because of this error. */
  get status(): number {
    return ERROR_CODES[this.code].status;
  }
}

export function isGraphError(error: unknown): error is GraphError {
  return error instanceof GraphError;
}
