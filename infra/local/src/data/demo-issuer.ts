import { join } from 'node:path';
import { UserError } from '@weft/errors';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { demoUsers } from '../seed/plan.ts';
import { keptSecret, writeJson } from './secret-file.ts';

const ALGORITHM = 'ES256';
/** What the gateway of the demo asks of a token. */
export const DEMO_ISSUER = 'weft-demo';
export const DEMO_AUDIENCE = 'weft';

/** Stands in for a login: signs tokens for the demo users `ada` and `grace`. */
export interface DemoIssuer {
  /** A token of the user, good for `lifetimeS` seconds. */
  token(
    username: string,
    options?: { readonly lifetimeS?: number; readonly scopes?: readonly string[] },
  ): Promise<string>;
}

/** Long enough for a day of pasting; the key is made anew with the data folder. */
const LIFETIME_S = 86_400;

/** Makes the key at the first start and writes its public half to `jwksFile`, which the gateway reads. */
export async function createDemoIssuer(secrets: string, jwksFile: string): Promise<DemoIssuer> {
  const jwk = await keptSecret<JWK>(join(secrets, 'demo-issuer.json'), async (before) => before ?? (await makeKey()));
  const { d: _, ...publicHalf } = jwk;
  await writeJson(jwksFile, { keys: [{ ...publicHalf, use: 'sig' }] }, 0o600);
  const key = await importJWK(jwk, ALGORITHM);
  return {
    token: async (username, { lifetimeS = LIFETIME_S, scopes = [] } = {}) => {
      const user = demoUsers().find((candidate) => candidate.username === username);
      if (!user) throw new UserError(`There is no demo user ${username}.`);
      return new SignJWT({ scope: scopes.join(' '), preferred_username: user.username })
        .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid ?? '' })
        .setIssuer(DEMO_ISSUER)
        .setAudience(DEMO_AUDIENCE)
        .setSubject(user.id)
        .setIssuedAt()
        .setExpirationTime(`${lifetimeS}s`)
        .sign(key);
    },
  };
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: ALGORITHM, kid: `demo-${Date.now().toString(36)}` };
}
