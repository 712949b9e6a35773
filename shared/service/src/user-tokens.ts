import { GraphError, messageOf } from '@weft/errors';
import { jwtVerify, SignJWT } from 'jose';
import type { Identity } from './identity.ts';
import { signingKeys } from './signing-keys.ts';

/** Tokens that carry the user from the gateway to the subgraphs, in `weft-user`. */
export interface UserTokens {
  /** Good for a minute; the same one is given again for half of it. */
  sign(identity: Identity): Promise<string>;
  /** Throws UNAUTHENTICATED. */
  verify(token: string): Promise<Identity>;
}

const LIFE_MS = 60_000;
const ISSUER = 'weft-gateway';
const AUDIENCE = 'weft-subgraph';
/** Clocks of two machines may differ by so much. */
const TOLERANCE_S = 5;
const MAX_REMEMBERED = 10_000;

export function createUserTokens(
  secrets: readonly string[],
  options: { readonly clock?: () => number } = {},
): UserTokens {
  const keys = signingKeys(secrets, 'user token v1');
  const clock = options.clock ?? Date.now;
  const signed = new Remembered<Promise<string>>();
  const verified = new Remembered<Identity>();

  const sign = async (identity: Identity, now: number): Promise<string> => {
    const seconds = Math.floor(now / 1_000);
    const { scopes, username } = identity;
    return new SignJWT({ scopes, ...(username !== undefined && { username }) })
      .setProtectedHeader({ alg: 'HS256', kid: keys[0].id })
      .setSubject(identity.subject)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + LIFE_MS / 1_000)
      .sign(keys[0].bytes);
  };
  const verify = async (token: string, now: number): Promise<Identity> => {
    const key = ({ kid }: { kid?: string }) => {
      const found = keys.find(({ id }) => id === kid);
      if (found === undefined) throw new Error('signed with a secret that is not known here');
      return found.bytes;
    };
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(now),
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    // A token from the future is one that was made to last.
    if ((payload.iat ?? 0) > now / 1_000 + TOLERANCE_S) throw new Error('issued in the future');
    const { sub, scopes, username } = payload;
    if (sub === undefined || sub === '') throw new Error('it names nobody');
    if (!isTexts(scopes)) throw new Error('its scopes are no list');
    return { subject: sub, scopes, ...(typeof username === 'string' && { username }) };
  };
  return {
    sign(identity) {
      const now = clock();
      const name = JSON.stringify([identity.subject, identity.username ?? null, ...identity.scopes]);
      return signed.get(name, now) ?? signed.keep(name, sign(identity, now), now + LIFE_MS / 2);
    },
    async verify(token) {
      const now = clock();
      const known = verified.get(token, now);
      if (known !== undefined) return known;
      try {
        // Only what was truly signed takes memory, and for a second only, so that it ends when it should.
        return verified.keep(token, await verify(token, now), now + 1_000);
      } catch (error) {
        throw new GraphError('UNAUTHENTICATED', 'The user cannot be told.', { log: { reason: messageOf(error) } });
      }
    },
  };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A bounded memory with an end for each entry; the oldest goes when it is full. */
class Remembered<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly untilMs: number }>();

  get(name: string, nowMs: number): V | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined || nowMs < entry.untilMs) return entry?.value;
    this.#entries.delete(name);
    return undefined;
  }

  keep(name: string, value: V, untilMs: number): V {
    if (this.#entries.size >= MAX_REMEMBERED) {
      const oldest = this.#entries.keys().next();
      if (oldest.done !== true) this.#entries.delete(oldest.value);
    }
    this.#entries.set(name, { value, untilMs });
    return value;
  }
}
