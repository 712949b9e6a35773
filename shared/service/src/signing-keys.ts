import { createHash, hkdfSync } from 'node:crypto';
import { createHmacSha256 } from './hmac-sha256.ts';

export interface SigningKey {
  /** Names the key without telling it. */
  readonly id: string;
  readonly bytes: Buffer;
  /** HMAC-SHA-256 of a text, as base64url. */
  readonly hmac: (text: string) => string;
}

/**
 * One key for each secret, the first of which signs. Each purpose gets keys of its own, so that what was signed
 * for one can never pass as the other.
 */
export function signingKeys(secrets: readonly string[], purpose: string): readonly [SigningKey, ...SigningKey[]] {
  const [first, ...rest] = secrets.map((secret) => {
    const bytes = Buffer.from(hkdfSync('sha256', secret, '', `weft ${purpose}`, 32));
    return {
      id: createHash('sha256').update(bytes).digest('base64url').slice(0, 8),
      bytes,
      hmac: createHmacSha256(bytes),
    };
  });
  if (first === undefined) throw new Error('at least one secret is needed');
  return [first, ...rest];
}
