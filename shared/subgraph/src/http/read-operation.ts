import type { IncomingMessage } from 'node:http';
import { GraphError } from '@weft/errors';
import { checkDocument, type DocumentLimits, parseJsonBody, type RequestVerifier, readSignedBody } from '@weft/service';

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
  const { verifier, maxBodyBytes: maxBytes } = options;
  const body = await readSignedBody(request, { verifier, maxBytes, refusal: 'Only the gateway can call this.' });
  if (!/^application\/json(?:\s*;\s*charset=(?:"utf-8"|utf-8))?$/i.test(headers['content-type'] ?? '')) {
    throw new GraphError('UNSUPPORTED_MEDIA_TYPE', 'The Content-Type must be application/json.');
  }
  const operation = parseJsonBody(body);
  const query =
    typeof operation === 'object' && operation !== null && 'query' in operation ? operation.query : undefined;
  if (typeof query === 'string') checkDocument(query, options.limits);
  return operation;
}
