import { createHmac } from 'node:crypto';

export const TOKEN_ISSUER = 'bench';
export const TOKEN_AUDIENCE = 'bench';
export const TOKEN_SECRET = 'the secret of the issuer of the bench, not one of anything else';
/** Users that ask in turn: more than any round has requests in flight, fewer than a gateway can remember. */
const USERS = 2_000;
const DAY_S = 86_400;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(user: number): string {
  const claims = {
    sub: String(user),
    iss: TOKEN_ISSUER,
    aud: TOKEN_AUDIENCE,
    exp: Math.floor(Date.now() / 1_000) + DAY_S,
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', TOKEN_SECRET).update(signed).digest('base64url')}`;
}

const tokens = Array.from({ length: USERS }, (_, user) => token(user + 1));

/** The token that a request with this number brings: no two requests in flight have the same. */
export const tokenOf = (request: number): string => tokens[request % USERS] ?? '';
export const TOKENS = USERS;
