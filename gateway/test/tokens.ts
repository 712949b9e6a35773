import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Issuer {
  readonly jwksFile: string;
  /** A token of this issuer; every claim can be replaced, and undefined leaves one out. */
  token(subject: string, claims?: Readonly<Record<string, unknown>>): Promise<string>;
}

export const ISSUER = 'weft-test';
export const AUDIENCE = 'weft';

export async function createIssuer(directory: string): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwksFile = join(directory, 'jwks.json');
  await writeFile(jwksFile, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'a', alg: 'ES256' }] }));
  return {
    jwksFile,
    token(subject, claims = {}) {
      const now = Math.floor(Date.now() / 1_000);
      const payload = { sub: subject, iss: ISSUER, aud: AUDIENCE, iat: now, exp: now + 300, ...claims };
      return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'a' }).sign(privateKey);
    },
  };
}

/** One with a folder of its own, until it is closed. */
export async function openIssuer(): Promise<Issuer & { close(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-tokens-'));
  return { ...(await createIssuer(directory)), close: () => rm(directory, { recursive: true }) };
}

/** Of an issuer that shares a secret with the gateway. */
export async function sharedSecretToken(
  secret: string,
  subject: string,
  claims: Readonly<Record<string, unknown>> = {},
) {
  const payload = { sub: subject, iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1_000) + 300, ...claims };
  return await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret));
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}
