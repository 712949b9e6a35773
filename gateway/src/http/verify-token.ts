import { messageOf } from '@weft/errors';
import type { Identity } from '@weft/service';
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { unauthenticated, type VerifyToken } from './authenticate.ts';
import type { TokenKeys } from './token-keys.ts';

export interface VerifyTokenOptions {
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly clockSkew: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Verified tokens that are remembered; checking a signature costs about 0.1 ms, finding one 1 us. */
const MOST_TOKENS = 10_000;
/** A longer one is not a token of ours. */
const MOST_CHARACTERS = 8_192;

interface Known {
  readonly identity: Identity;
  readonly until: number;
  /** What it was verified with: a key that is taken out takes its tokens along. */
  readonly by: JWTVerifyGetKey;
}

/** Verifies tokens; without keys each one is refused, so that nobody is somebody. */
export function createVerifyToken(keys: TokenKeys | undefined, options: VerifyTokenOptions): VerifyToken {
  if (keys === undefined) {
    return async () => {
      throw unauthenticated('This gateway knows no issuer of tokens.');
    };
  }
  const clock = options.clock ?? Date.now;
  const known = new Map<string, Known>();
  const check = {
    algorithms: [...keys.algorithms],
    clockTolerance: options.clockSkew / 1_000,
    requiredClaims: ['sub', 'exp'],
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.audience !== undefined && { audience: options.audience }),
  };
  return async (token) => {
    const by = keys.current;
    const found = known.get(token);
    if (found !== undefined && found.by === by && found.until > clock()) return found.identity;
    known.delete(token);
    if (token.length > MOST_CHARACTERS) throw unauthenticated('The token is not valid.');
    const payload = await jwtVerify(token, by, { ...check, currentDate: new Date(clock()) }).then(
      (verified) => verified.payload,
      (error: unknown) => {
        throw unauthenticated('The token is not valid.', { reason: messageOf(error) });
      },
    );
    const identity = toIdentity(payload);
    known.set(token, { identity, until: (payload.exp ?? 0) * 1_000, by });
    const [oldest] = known.keys();
    if (known.size > MOST_TOKENS && oldest !== undefined) known.delete(oldest);
    return identity;
  };
}

function toIdentity(payload: JWTPayload): Identity {
  const { sub, scope, preferred_username: username } = payload;
  if (typeof sub !== 'string' || sub === '') throw unauthenticated('The token names nobody.');
  const scopes = typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : [];
  return { subject: sub, scopes, ...(typeof username === 'string' && username !== '' && { username }) };
}
