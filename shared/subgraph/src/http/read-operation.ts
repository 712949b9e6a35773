import type { IncomingMessage } from 'node:http';
import { GraphError } from '@weft/errors';
import { checkDocument, type DocumentLimits, INTERNAL_HEADERS, type RequestVerifier, readBody } from '@weft/service';

export interface ReadOperationOptions {
  readonly verifier: RequestVerifier;
  readonly limits: DocumentLimits;
  readonly maxBodyBytes: number;
}

/**
 * The JSON body of a request that a gateway signed, its document within the limits. The signature comes before
 * anything is looked at: who has none learns nothing here. Throws NOT_FOUND, METHOD_NOT_ALLOWED, UNAUTHENTICATED,
 * UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST or one of the limits' codes.
 */
export async function readOperation(request: IncomingMessage, options: ReadOperationOptions): Promise<unknown> {
  const { method = '', url: path = '', headers } = request;
  if (path !== '/graphql') throw new GraphError('NOT_FOUND', 'Nothing is served at this path; /graphql is.');
  if (method !== 'POST') throw new GraphError('METHOD_NOT_ALLOWED', 'Only POST is served here.');
  // The signature is over the body as it is sent, and a gateway beside us has no reason to compress.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new GraphError('UNSUPPORTED_MEDIA_TYPE', 'No Content-Encoding is read here.');
  }
  // Who sends none is not worth reading two megabytes from.
  if (headers[INTERNAL_HEADERS.signature] === undefined) {
    throw new GraphError('UNAUTHENTICATED', 'Only the gateway can call this.', { log: { reason: 'no signature' } });
  }
  const body = await readBody(request, { maxBytes: options.maxBodyBytes });
  options.verifier.verify({ method, path, body, headers });
  if (!/^application\/json(?:\s*;\s*charset=(?:"utf-8"|utf-8))?$/i.test(headers['content-type'] ?? '')) {
    throw new GraphError('UNSUPPORTED_MEDIA_TYPE', 'The Content-Type must be application/json.');
  }
  const operation = parseJson(body.toString('utf8'));
  const query =
    typeof operation === 'object' && operation !== null && 'query' in operation ? operation.query : undefined;
  if (typeof query === 'string') checkDocument(query, options.limits);
  return operation;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GraphError('BAD_REQUEST', 'The body is not JSON.', { cause });
  }
}
