import { createHash, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

export interface SigningKey {
  /** Names the key without telling it. */
  readonly id: string;
  readonly bytes: Buffer;
  /** The same, as node:crypto wants it: it would make one of the bytes at each use, for seven times the cost of a signature. */
  readonly key: KeyObject;
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
      key: createSecretKey(bytes),
    };
  });
  if (first === undefined) throw new Error('at least one secret is needed');
  return [first, ...rest];
}
