import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphqlAnswer } from '../graphql-request.ts';
import type { HttpAnswer } from './exchange.ts';
import type { MediaType } from './media-type.ts';

/** Turns an answer of GraphQL into one of HTTP: status by media type, and 304 for a client that has it already. */
export function toHttpAnswer(
  answer: GraphqlAnswer,
  mediaType: MediaType,
  { request, vary }: { readonly request: Pick<IncomingMessage, 'method' | 'headers'>; readonly vary: string },
): HttpAnswer {
  const own: Record<string, string> = { ...answer.headers, vary };
  const { operation, errors } = answer;
  const { etag } = answer.headers;
  if (etag !== undefined) {
    // the media type is part of what a strong tag stands for
    own.etag = mediaType === 'application/json' ? etag : etag.replace(/"$/, '-g"');
    // what a POST is told to do is done, whatever the client has (RFC 9110, 13.1.2)
    const { method, headers } = request;
    if (method !== 'POST' && isKnown(headers['if-none-match'], own.etag))
      return { status: 304, headers: own, body: '', operation };
  }
  // under plain application/json a well-formed request is a success of HTTP (GraphQL over HTTP, 6.4.1)
  const status = mediaType === 'application/json' && answer.documentError ? 200 : answer.status;
  if (status === 503) own['retry-after'] = '1';
  return {
    status,
    headers: { ...own, 'content-type': `${mediaType}; charset=utf-8` },
    body: answer.body,
    release: answer.release,
    operation,
    errors,
  };
}

/** Weak comparison, as If-None-Match asks for (RFC 9110, 13.1.2). */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

/** Bytes of a body that is copied to stand behind its head. */
const MOST_COPIED = 8_192;

export function writeAnswer(response: ServerResponse, answer: HttpAnswer): void {
  if (response.headersSent || response.destroyed) return;
  const { status, headers, body, release } = answer;
  if (status === 204 || status === 304) {
    response.writeHead(status, headers).end();
    return;
  }
  response.writeHead(status, {
    ...headers,
    'x-content-type-options': 'nosniff',
    'content-length': typeof body === 'string' ? Buffer.byteLength(body) : body.length,
  });
  if (response.req.method === 'HEAD') {
    response.end();
  } else if (typeof body !== 'string' && body.length <= MOST_COPIED) {
    // one write with the head: a second buffer costs the socket more than this copy
    const text = body.toString('latin1');
    release?.();
    response.end(text, 'latin1');
  } else {
    // the memory is another answer's only when the socket has taken all of it; what is never sent is garbage
    response.end(body, release);
  }
}
