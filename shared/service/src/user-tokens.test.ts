import { expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { signingKeys } from './signing-keys.ts';
import { createUserTokens } from './user-tokens.ts';

const NOW = 1_800_000_000_000;
const ada = { subject: '42', scopes: ['read', 'order'] };

async function outcome(verify: Promise<unknown>): Promise<string> {
  try {
    await verify;
    return 'taken';
  } catch (error) {
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED' });
    return (error as { log: { reason: string } }).log.reason;
  }
}

test('a token carries who it is for and lives a minute', async () => {
  const tokens = createUserTokens(['one'], { clock: () => NOW });
  const token = await tokens.sign(ada);
  expect(await tokens.verify(token)).toEqual(ada);
  for (const identity of [
    { subject: '7', scopes: [] },
    { ...ada, username: 'ada' },
  ]) {
    expect(await tokens.verify(await tokens.sign(identity))).toEqual(identity);
  }
  const { iat = 0, exp = 0 } = decodeJwt(token);
  expect(exp - iat).toBe(60);
});

test('the same identity gets the same token for half a minute, another one never', async () => {
  let now = NOW;
  const tokens = createUserTokens(['one'], { clock: () => now });
  const first = await tokens.sign(ada);
  expect(await tokens.sign({ ...ada })).toBe(first);
  expect(await tokens.sign({ subject: '42', scopes: ['read order'] })).not.toBe(first);
  now += 30_000;
  expect(await tokens.sign(ada)).not.toBe(first);
});

test('a token ends, also one that was taken a moment ago, and does not begin in the future', async () => {
  let now = NOW;
  const signing = createUserTokens(['one'], { clock: () => NOW });
  const verifying = createUserTokens(['one'], { clock: () => now });
  const token = await signing.sign(ada);
  for (const [at, expected] of [
    [NOW, 'taken'],
    [NOW + 64_000, 'taken'],
    [NOW + 67_000, '"exp" claim timestamp check failed'],
    [NOW - 60_000, 'issued in the future'],
  ] as const) {
    now = at;
    expect([at, await outcome(verifying.verify(token))]).toEqual([at, expected]);
  }
});

test('nothing but our own tokens is taken', async () => {
  const tokens = createUserTokens(['one'], { clock: () => NOW });
  const [key] = signingKeys(['one'], 'user token v1');
  const [requestKey] = signingKeys(['one'], 'request signature v1');
  const claims = {
    sub: '1',
    iss: 'weft-gateway',
    aud: 'weft-subgraph',
    iat: NOW / 1_000,
    exp: NOW / 1_000 + 60,
    scopes: [],
  };
  const make = (changed: object, header: object = {}, bytes = key.bytes) =>
    new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'HS256', kid: key.id, ...header }).sign(bytes);
  expect(await outcome(tokens.verify(await make({})))).toBe('taken');

  const [head = '', body = '', signature = ''] = (await make({})).split('.');
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bad: Record<string, [token: string, reason: string]> = {
    'not a token': ['x', 'Invalid Compact JWS'],
    'no algorithm': [`${encoded({ alg: 'none', kid: key.id })}.${body}.`, '"alg"'],
    'another algorithm': [await make({}, { alg: 'HS512' }, Buffer.concat([key.bytes, key.bytes])), '"alg"'],
    'a changed body': [`${head}.${encoded({ ...claims, sub: '2' })}.${signature}`, 'signature verification failed'],
    'another issuer': [await make({ iss: 'x' }), '"iss"'],
    'another audience': [await make({ aud: 'x' }), '"aud"'],
    'no subject': [await make({ sub: undefined }), '"sub"'],
    'an empty subject': [await make({ sub: '' }), 'names nobody'],
    'no end': [await make({ exp: undefined }), '"exp"'],
    'scopes as text': [await make({ scopes: 'read' }), 'scopes are no list'],
    'an unknown key': [await make({}, { kid: 'x' }), 'not known here'],
    'the key of request signatures': [await make({}, {}, requestKey.bytes), 'signature verification failed'],
  };
  for (const [name, [token, reason]] of Object.entries(bad)) {
    expect([name, await outcome(tokens.verify(token))]).toEqual([name, expect.stringContaining(reason)]);
  }
});

test('secrets rotate', async () => {
  const old = await createUserTokens(['old'], { clock: () => NOW }).sign(ada);
  const rotated = createUserTokens(['new', 'old'], { clock: () => NOW });
  expect(await rotated.verify(old)).toEqual(ada);
  expect(decodeProtectedHeader(await rotated.sign(ada)).kid).not.toBe(decodeProtectedHeader(old).kid);
  expect(await outcome(createUserTokens(['new'], { clock: () => NOW }).verify(old))).toContain('not known here');
});
