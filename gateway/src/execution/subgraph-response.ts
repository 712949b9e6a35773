import { ERROR_CODES, type ErrorCode, GraphError, isErrorCode } from '@weft/errors';
import type { SubgraphReply } from '../subgraph-call.ts';
import { blamedValue } from './blamed-value.ts';

/** What a subgraph answered, in the shape the GraphQL specification gives it; nothing about its values is known. */
export interface SubgraphResponse {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly errors: readonly SubgraphError[];
}

/** An error as it may reach a client. `path` is the subgraph's own: `['_entities', 3, 'reviews']`. */
export interface SubgraphError {
  readonly error: GraphError;
  readonly path: readonly (string | number)[];
}

export interface ResponseOptions {
  readonly subgraph: string;
  /** See EngineOptions. */
  readonly trustSubgraphErrors: boolean;
  readonly errorExtensions: readonly string[];
  /** The operation that was sent. */
  readonly query: string;
  /** JSON.parse when absent. Throws a SyntaxError. */
  readonly parseJson?: (text: string) => unknown;
}

/** Equal errors of one answer beyond this are folded into the last one. */
const MOST_ERRORS = 100;
/** Without `data` the subgraph refused the gateway's request; of those reasons only these are the client's business. */
const REFUSALS_FOR_CLIENTS: ReadonlySet<string> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'DATABASE_BUSY',
  'DEADLINE_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
  'REQUEST_RATE_LIMITED',
  'SHUTTING_DOWN',
]);

/**
 * Reads a subgraph's answer and masks its errors.
 *
 * @throws GraphError SUBREQUEST_MALFORMED_RESPONSE, SUBREQUEST_HTTP_ERROR.
 */
export function readSubgraphResponse(reply: SubgraphReply, options: ResponseOptions): SubgraphResponse {
  const body = parse(reply, options);
  const { data, errors } = body;
  if (errors !== undefined && errors !== null && !Array.isArray(errors))
    throw malformed(options, 'errors is not a list');
  if (data !== undefined && data !== null && !isRecord(data)) throw malformed(options, 'data is not an object');
  const listed: readonly unknown[] = Array.isArray(errors) ? errors : [];
  const answered = data !== undefined;
  const failed = reply.status < 200 || reply.status > 299;
  if (!answered && listed.length === 0) {
    throw failed ? refused(options, reply, undefined) : malformed(options, 'neither data nor errors');
  }
  if (data === null && listed.length === 0) throw malformed(options, 'data is null without errors');
  return {
    data: answered ? data : null,
    errors: listed.slice(0, MOST_ERRORS).map((error) => toSubgraphError(error, { ...options, answered, reply })),
  };
}

function parse(reply: SubgraphReply, options: ResponseOptions): Record<string, unknown> {
  let body: unknown;
  try {
    body = (options.parseJson ?? JSON.parse)(reply.text);
  } catch (cause) {
    throw malformed(options, 'not JSON', cause);
  }
  if (!isRecord(body)) throw malformed(options, 'not an object');
  return body;
}

interface ErrorContext extends ResponseOptions {
  readonly answered: boolean;
  readonly reply: SubgraphReply;
}

function toSubgraphError(error: unknown, context: ErrorContext): SubgraphError {
  const sent = isRecord(error) ? error : {};
  const extensions = isRecord(sent.extensions) ? sent.extensions : {};
  const { code } = extensions;
  const path = isPath(sent.path) ? sent.path : [];
  const log = { subgraph: context.subgraph, sent };
  if (!context.answered && !(isErrorCode(code) && REFUSALS_FOR_CLIENTS.has(code))) {
    return { error: refusal(code, sent, context), path };
  }
  if (!isErrorCode(code)) return { error: new GraphError('DOWNSTREAM_SERVICE_ERROR', MASKED, { log }), path };
  if (!context.trustSubgraphErrors) return { error: new GraphError(code, MASKED, { log }), path };
  const message = typeof sent.message === 'string' && sent.message !== '' ? sent.message : ERROR_CODES[code].meaning;
  return {
    error: new GraphError(code, message, { extensions: allowed(extensions, context.errorExtensions), log }),
    path,
  };
}

const MASKED = 'Subgraph error';

/** Of a request that was not run: the client's fault when it is about a value that only the subgraph could judge. */
function refusal(code: unknown, sent: Record<string, unknown>, context: ErrorContext): GraphError {
  const reason = blamedValue(context.query, code, sent.locations);
  if (reason === undefined) return refused(context, context.reply, sent);
  return new GraphError('BAD_USER_INPUT', reason, { log: { subgraph: context.subgraph, sent } });
}

function allowed(extensions: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name of names) if (Object.hasOwn(extensions, name)) kept[name] = extensions[name];
  return kept;
}

function refused(options: ResponseOptions, reply: SubgraphReply, sent: unknown): GraphError {
  return new GraphError('SUBREQUEST_HTTP_ERROR', 'A subgraph refused the request.', {
    log: { subgraph: options.subgraph, status: reply.status, sent },
  });
}

export function malformed(options: { readonly subgraph: string }, reason: string, cause?: unknown): GraphError {
  return new GraphError('SUBREQUEST_MALFORMED_RESPONSE', 'A subgraph sent an answer that cannot be used.', {
    log: { subgraph: options.subgraph, reason },
    cause,
  });
}

/** Of a field that must not be null, and is, because its subgraph says that there is no such entity. */
export function entityNotFound(): GraphError {
  return new GraphError('ENTITY_NOT_FOUND', 'The object that has this field is not there any more.');
}

/** Not a number that is kept as it was written either. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

function isPath(path: unknown): path is (string | number)[] {
  return Array.isArray(path) && path.every((key) => typeof key === 'string' || Number.isSafeInteger(key));
}
