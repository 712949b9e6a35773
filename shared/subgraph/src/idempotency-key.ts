import { createHash } from 'node:crypto';
import { GraphError } from '@weft/errors';

const KEY = /^[\x21-\x7e]{1,128}$/;

/** Throws BAD_USER_INPUT for a key that no mutation takes. */
export function checkIdempotencyKey(key: string): void {
  if (!KEY.test(key)) throw new GraphError('BAD_USER_INPUT', 'idempotencyKey is 1 to 128 visible ASCII characters.');
}

/** What a key is bound to: the same text for the same request. `parts` in an order of the mutation's own, which stays. */
export function hashOfRequest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
