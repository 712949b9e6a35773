import type { IncomingMessage } from 'node:http';
import { GraphError } from '@weft/errors';
import { INTERNAL_HEADERS } from './internal-headers.ts';
import { readBody } from './read-body.ts';
import type { RequestVerifier } from './request-signature.ts';

export interface SignedBodyOptions {
  readonly verifier: RequestVerifier;
  readonly maxBytes: number;
  /** What is said to a request without a signature. */
  readonly refusal: string;
}

/** The body of a request that is signed for this process. Throws UNAUTHENTICATED, or what `readBody` throws. */
export async function readSignedBody(request: IncomingMessage, options: SignedBodyOptions): Promise<string> {
  const { method = '', url: path = '', headers } = request;
  // Who sends none is not worth reading two megabytes from.
  if (headers[INTERNAL_HEADERS.signature] === undefined) {
    throw new GraphError('UNAUTHENTICATED', options.refusal, { log: { reason: 'no signature' } });
  }
  const body = await readBody(request, { maxBytes: options.maxBytes });
  options.verifier.verify({ method, path, body, headers });
  return body.toString('utf8');
}

/** Throws BAD_REQUEST. */
export function parseJsonBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new GraphError('BAD_REQUEST', 'The body is not JSON.', { cause });
  }
}
