import { isUtf8 } from 'node:buffer';
import { GraphError } from '@weft/errors';
import type { FetchOutcome, FetchReply, FetchRequest } from './fetch.ts';
import type { HttpFailure } from './http1/exchange.ts';
import { NoAnswerError, reasonOf } from './no-answer.ts';

/** As nearly every answer spells it. */
const USUAL_TYPES = new Set([
  'application/json',
  'application/graphql-response+json',
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
]);

export function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  if (USUAL_TYPES.has(contentType)) return true;
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/json' || type === 'application/graphql-response+json';
}

/** A page where JSON should be: with a status that says so, a refusal; else nonsense. */
export function notJson(request: FetchRequest, url: URL, status: number, type: string | undefined): GraphError {
  if (status >= 200 && status <= 299) return malformed(request, `media type ${type ?? 'missing'}`);
  return new GraphError('SUBREQUEST_HTTP_ERROR', 'A subgraph refused the request.', {
    log: { subgraph: request.subgraph, url: url.href, status, type },
  });
}

export function inUtf8(reply: FetchReply, request: FetchRequest): FetchOutcome {
  const { bytes, start, end } = reply;
  return isUtf8(bytes.subarray(start, end)) ? { reply } : { error: malformed(request, 'not UTF-8') };
}

export function failureOf({ kind, blameless, cause }: HttpFailure, request: FetchRequest, url: URL): GraphError {
  if (kind === 'broken') return malformed(request, `not a whole answer: ${reasonOf(cause)}`, cause);
  const arrived = kind === 'unreached' ? 'never' : 'perhaps';
  return new NoAnswerError(request.subgraph, url, { arrived, blameless, cause });
}

export function malformed(request: FetchRequest, reason: string, cause?: unknown): GraphError {
  return new GraphError('SUBREQUEST_MALFORMED_RESPONSE', 'A subgraph sent an answer that cannot be used.', {
    log: { subgraph: request.subgraph, url: request.url?.href, reason },
    cause,
  });
}
