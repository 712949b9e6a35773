import { isUtf8 } from 'node:buffer';
import { GraphError } from '@weft/errors';
import type { Dispatcher } from 'undici';
import type { Connections } from './connections.ts';
import type { Fetch, FetchRequest } from './fetch.ts';
import { codeOf, NoAnswerError, reasonOf } from './no-answer.ts';

/** No connection was made, so nothing can have arrived. */
const NEVER_ARRIVED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
]);
/** The connection broke after the request may have been written. */
const PERHAPS_ARRIVED = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_INFO']);

/** The innermost step: one POST over a pooled connection, the answer read whole within its bound. */
export function createSend(connections: Connections, options: { readonly maxResponseBytes: number }): Fetch {
  return async (request) => {
    const url = request.url;
    if (url === undefined) throw new Error('send needs the copy that balance picks');
    const response = await post(connections, url, request);
    const { statusCode: status, headers } = response;
    refuseMediaType(request, status, headers, response.body);
    const text = await readBody(request, response, options.maxResponseBytes);
    return { status, url, cacheControl: first(headers['cache-control']), text };
  };
}

async function post(connections: Connections, url: URL, request: FetchRequest): Promise<Dispatcher.ResponseData> {
  try {
    return await connections.to(url.origin).request({
      method: 'POST',
      path: url.pathname + url.search,
      headers: request.headers,
      body: request.body,
      signal: request.signal,
    });
  } catch (error) {
    if (request.signal.aborted) throw request.signal.reason;
    const code = codeOf(error);
    if (NEVER_ARRIVED.has(code)) throw new NoAnswerError(request.subgraph, url, 'never', error);
    if (PERHAPS_ARRIVED.has(code)) throw new NoAnswerError(request.subgraph, url, 'perhaps', error);
    throw malformed(request, `not HTTP: ${reasonOf(error)}`, error);
  }
}

function refuseMediaType(
  request: FetchRequest,
  status: number,
  headers: Dispatcher.ResponseData['headers'],
  body: Dispatcher.ResponseData['body'],
): void {
  const type = first(headers['content-type'])?.split(';')[0]?.trim().toLowerCase() ?? '';
  const encoding = first(headers['content-encoding']) ?? 'identity';
  const isJson = type === 'application/json' || type === 'application/graphql-response+json';
  if (isJson && encoding === 'identity') return;
  body.destroy();
  body.on('error', () => undefined); // destroying it is what we asked for
  if (!isJson && (status < 200 || status > 299)) {
    throw new GraphError('SUBREQUEST_HTTP_ERROR', 'A subgraph refused the request.', {
      log: { subgraph: request.subgraph, url: request.url?.href, status, type },
    });
  }
  throw malformed(
    request,
    isJson ? `content-encoding ${encoding} was not asked for` : `media type ${type || 'missing'}`,
  );
}

async function readBody(request: FetchRequest, response: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const announced = Number(first(response.headers['content-length']) ?? 0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    if (announced > maxBytes) throw malformed(request, `${announced} bytes announced, ${maxBytes} allowed`);
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw malformed(request, `over ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    response.body.on('error', () => undefined);
    response.body.destroy();
    if (request.signal.aborted) throw request.signal.reason;
    if (error instanceof GraphError) throw error;
    throw malformed(request, `ended early: ${reasonOf(error)}`, error);
  }
  const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes);
  if (!isUtf8(whole)) throw malformed(request, 'not UTF-8');
  return whole.toString('utf8');
}

function malformed(request: FetchRequest, reason: string, cause?: unknown): GraphError {
  return new GraphError('SUBREQUEST_MALFORMED_RESPONSE', 'A subgraph sent an answer that cannot be used.', {
    log: { subgraph: request.subgraph, url: request.url?.href, reason },
    cause,
  });
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header;
}
