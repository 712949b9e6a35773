import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GraphError } from '@weft/errors';
import { INTERNAL_HEADERS } from './internal-headers.ts';
import { createReplayWindow } from './replay-window.ts';
import { type SigningKey, signingKeys } from './signing-keys.ts';

export interface SignedRequest {
  readonly method: string;
  /** Path and query as they are sent. */
  readonly path: string;
  /** Before it is compressed, if it is. */
  readonly body: Uint8Array | string;
}

export interface RequestSigner {
  /** The value of `weft-signature`. `user` is the value of `weft-user` that goes with it, `audience` the name of the subgraph that it is sent to. Sign once for each send: a second one is a replay. */
  sign(request: SignedRequest & { readonly audience: string; readonly user?: string | undefined }): string;
}

export interface RequestVerifier {
  /** Throws UNAUTHENTICATED with the reason in its log. The body as `readBody` gives it. */
  verify(request: SignedRequest & { readonly headers: IncomingHttpHeaders }): void;
}

export interface VerifierOptions {
  /** The subgraph that verifies: all of them know the secret, and what was signed for one must be nothing to another. */
  readonly audience: string;
  readonly clock?: () => number;
  readonly maxAgeMs?: number;
}

const PURPOSE = 'request signature v2';

/** Signs with the first secret. The nonce is a counter after a name that this signer drew, which lets a verifier remember in constant memory. */
export function createRequestSigner(
  secrets: readonly string[],
  options: { readonly clock?: () => number } = {},
): RequestSigner {
  const [key] = signingKeys(secrets, PURPOSE);
  const clock = options.clock ?? Date.now;
  const name = randomBytes(12).toString('base64url');
  let counter = 0;
  return {
    sign(request) {
      const time = String(clock());
      const nonce = `${name}.${counter++}`;
      const signature = signatureOf(key, request, {
        audience: request.audience,
        time,
        nonce,
        user: request.user ?? '',
      });
      return `v2;k=${key.id};t=${time};n=${nonce};s=${signature}`;
    },
  };
}

/**
 * Takes what any of the secrets signed, once, within `maxAgeMs` of now in both directions. What was seen lives in the
 * process: right after a restart, a request of the last `maxAgeMs` could be sent a second time.
 */
export function createRequestVerifier(secrets: readonly string[], options: VerifierOptions): RequestVerifier {
  const keys = new Map(signingKeys(secrets, PURPOSE).map((key) => [key.id, key]));
  const clock = options.clock ?? Date.now;
  const maxAgeMs = options.maxAgeMs ?? 30_000;
  const seen = createReplayWindow({ forgetAfterMs: 2 * maxAgeMs });
  return {
    verify(request) {
      const parts = parse(request.headers[INTERNAL_HEADERS.signature]);
      if (parts === undefined) throw refused('no signature that can be read');
      const key = keys.get(parts.keyId);
      if (key === undefined) throw refused('signed with a secret that is not known here');
      const user = request.headers[INTERNAL_HEADERS.user];
      if (user !== undefined && typeof user !== 'string') throw refused('several users');
      const expected = signatureOf(key, request, {
        audience: options.audience,
        time: parts.time,
        nonce: parts.nonce,
        user: user ?? '',
      });
      if (!isSame(parts.signature, expected)) throw refused('the signature does not fit');
      const now = clock();
      if (Math.abs(now - Number(parts.time)) > maxAgeMs) throw refused('signed too long ago, or in the future');
      // Last, so that only requests that were truly signed take memory.
      if (!seen.accept(parts.signer, parts.counter, now)) throw refused('sent before');
    },
  };
}

interface Parts {
  readonly keyId: string;
  readonly time: string;
  readonly nonce: string;
  readonly signer: string;
  readonly counter: number;
  readonly signature: string;
}

const FORM = /^v2;k=([\w-]{8});t=(\d{1,15});n=(([\w-]{16})\.(\d{1,15}));s=([\w-]{43})$/;

function parse(header: string | readonly string[] | undefined): Parts | undefined {
  const found = typeof header === 'string' ? FORM.exec(header) : null;
  if (found === null) return undefined;
  const [, keyId = '', time = '', nonce = '', signer = '', counter = '', signature = ''] = found;
  return { keyId, time, nonce, signer, counter: Number(counter), signature };
}

/** As bytes: the last character of base64url has bits to spare. */
function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given, 'base64url'), Buffer.from(expected, 'base64url')];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** As base64url. No part can hold a line break, so no two requests have the same text. */
function signatureOf(
  key: SigningKey,
  request: SignedRequest,
  more: { readonly audience: string; readonly time: string; readonly nonce: string; readonly user: string },
): string {
  const { audience, time, nonce, user } = more;
  const body = hash('sha256', request.body, 'hex');
  const text = `v2\n${JSON.stringify(audience)}\n${request.method}\n${request.path}\n${body}\n${time}\n${nonce}\n${user}`;
  return key.hmac(text);
}

function refused(reason: string): GraphError {
  return new GraphError('UNAUTHENTICATED', 'Only the gateway can call this.', { log: { reason } });
}
