import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '@weft/errors';
import type { Identity } from '@weft/service';
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import { unauthenticated, type VerifyToken } from './authenticate.ts';

export interface VerifyTokenOptions {
  readonly jwksFile?: string | undefined;
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  readonly algorithms: readonly string[];
  readonly clockSkew: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/** Verified tokens that are remembered; checking a signature costs about 0.1 ms, finding one 1 us. */
const MOST_TOKENS = 10_000;
/** A longer one is not a token of ours. */
const MOST_CHARACTERS = 8_192;

/**
 * Verifies tokens against a key set in a file, read once, here.
 *
 * @throws UserError when the file cannot be used.
 */
export async function createVerifyToken(options: VerifyTokenOptions): Promise<VerifyToken> {
  const { jwksFile } = options;
  if (jwksFile === undefined) {
    return async () => {
      throw unauthenticated('This gateway knows no issuer of tokens.');
    };
  }
  const keys = createLocalJWKSet(await readKeys(jwksFile));
  const clock = options.clock ?? Date.now;
  const known = new Map<string, { readonly identity: Identity; readonly until: number }>();
  const check = {
    algorithms: [...options.algorithms],
    clockTolerance: options.clockSkew / 1_000,
    requiredClaims: ['sub', 'exp'],
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.audience !== undefined && { audience: options.audience }),
  };
  return async (token) => {
    const found = known.get(token);
    if (found !== undefined && found.until > clock()) return found.identity;
    known.delete(token);
    if (token.length > MOST_CHARACTERS) throw unauthenticated('The token is not valid.');
    const payload = await jwtVerify(token, keys, { ...check, currentDate: new Date(clock()) }).then(
      (verified) => verified.payload,
      (error: unknown) => {
        throw unauthenticated('The token is not valid.', { reason: messageOf(error) });
      },
    );
    const identity = toIdentity(payload);
    known.set(token, { identity, until: (payload.exp ?? 0) * 1_000 });
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

async function readKeys(file: string): Promise<JSONWebKeySet> {
  try {
    const keys: unknown = JSON.parse(await readFile(file, 'utf8'));
    createLocalJWKSet(keys as JSONWebKeySet); // throws on anything that is not a key set
    return keys as JSONWebKeySet;
  } catch (cause) {
    throw new UserError(`The key set ${file} (authentication.jwksFile) cannot be used: ${messageOf(cause)}`, { cause });
  }
}
