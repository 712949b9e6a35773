import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createRequestVerifier, createUserTokens } from '@weft/service';
import { SignJWT } from 'jose';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';
import { AUDIENCE, bearer, createIssuer, ISSUER, openIssuer, sharedSecretToken } from './tokens.ts';

const SECRETS = ['the first secret, for signing', 'the second secret, for rotation'];
let issuer: Awaited<ReturnType<typeof openIssuer>>;
let shop: Shop;
beforeAll(async () => {
  issuer = await openIssuer();
  shop = await openShop({
    secrets: SECRETS,
    headers: { forward: ['x-tenant'] },
    authentication: { jwksFile: issuer.jwksFile, issuer: ISSUER, audience: AUDIENCE },
  });
});
beforeEach(() => {
  shop.products.asked.length = 0;
  shop.products.answer = undefined;
});
afterAll(async () => {
  await closeShops();
  await issuer.close();
});

test('the subject of a verified token reaches the subgraph in a token of the gateway', async () => {
  const token = await issuer.token('42', { scope: 'a b', preferred_username: 'ada' });
  for (let i = 0; i < 2; i += 1) {
    expect((await shop.ask('{ whoami }', { headers: bearer(token) })).json).toEqual({ data: { whoami: '42' } });
  }
  const sent = shop.products.asked[0]?.headers['weft-user'] as string;
  const identity = { subject: '42', scopes: ['a', 'b'], username: 'ada' };
  expect(await createUserTokens(SECRETS).verify(sent)).toEqual(identity);
});

test('a caller without a token is anonymous', async () => {
  expect((await shop.ask('{ whoami }')).json).toEqual({ data: { whoami: null } });
  expect(shop.products.asked[0]?.headers).not.toHaveProperty('weft-user');
});

test('every request to a subgraph is signed, with the time that is left', async () => {
  await shop.ask('{ whoami }', { headers: bearer(await issuer.token('42')) });
  const [asked] = shop.products.asked;
  const request = {
    method: 'POST',
    path: '/graphql',
    body: JSON.stringify(asked?.body),
    headers: asked?.headers ?? {},
  };
  const verify = (audience: string) => createRequestVerifier(SECRETS, { audience }).verify(request);
  expect(() => verify('products')).not.toThrow();
  // every subgraph knows the secret, and what one was sent must be nothing to another
  expect(() => verify('reviews')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  const left = Number(asked?.headers['weft-deadline-ms']);
  expect(left).toBeGreaterThan(4_000);
  expect(left).toBeLessThanOrEqual(5_000);
});

test('a token that is not good is refused, whatever is wrong with it', async () => {
  const now = Math.floor(Date.now() / 1_000);
  const good = await issuer.token('42');
  const [header = '', payload = '', signature = ''] = good.split('.');
  const shared = await new SignJWT({ sub: '1', iss: ISSUER, aud: AUDIENCE, exp: now + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: 'a' })
    .sign(Buffer.from('x'.repeat(32)));
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const bad: Record<string, string> = {
    expired: await issuer.token('42', { exp: now - 60 }),
    'not yet good': await issuer.token('42', { nbf: now + 600 }),
    'without an end': await issuer.token('42', { exp: undefined }),
    'without a subject': await issuer.token('42', { sub: undefined }),
    'of another issuer': await issuer.token('42', { iss: 'other' }),
    'for another audience': await issuer.token('42', { aud: 'other' }),
    'of a shared secret': shared,
    'without a signature': `${none}.${payload}.`,
    'with a changed payload': `${header}.${Buffer.from('{"sub":"1"}').toString('base64url')}.${signature}`,
    'that is no token': 'x',
  };
  for (const [what, token] of Object.entries(bad)) {
    const { status, json } = await shop.ask('{ whoami }', { headers: bearer(token) });
    expect([what, status, json.errors?.[0]?.extensions.code, json.data]).toEqual([
      what,
      401,
      'UNAUTHENTICATED',
      undefined,
    ]);
  }
  for (const authorization of ['Bearer ', 'Basic YWRtaW46YWRtaW4=', `Bearer ${good} ${good}`]) {
    expect((await shop.ask('{ whoami }', { headers: { authorization } })).status).toBe(401);
  }
  expect(shop.products.asked).toEqual([]);
});

test('a signature by an algorithm that is not on the list is refused', async () => {
  const strict = await openShop({ authentication: { jwksFile: issuer.jwksFile, algorithms: ['EdDSA'] } });
  expect((await strict.ask('{ whoami }', { headers: bearer(await issuer.token('42')) })).status).toBe(401);
});

test('an issuer that shares a secret signs HS256 with it, and nothing else', async () => {
  const secret = 'a secret of thirty-two or more bytes';
  const shared = await openShop({ authentication: { sharedSecret: secret, issuer: ISSUER, audience: AUDIENCE } });
  const statusOf = async (token: string) => (await shared.ask('{ whoami }', { headers: bearer(token) })).status;
  const signed = (alg: string, key = secret) =>
    new SignJWT({ sub: '1', iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1_000) + 60 })
      .setProtectedHeader({ alg })
      .sign(Buffer.from(key));
  expect(await statusOf(await sharedSecretToken(secret, '42'))).toBe(200);
  expect(await statusOf(await signed('HS384'))).toBe(401);
  expect(await statusOf(await signed('HS256', `${secret}.`))).toBe(401);
  expect(await statusOf(await issuer.token('42'))).toBe(401);
  const both = { jwksFile: issuer.jwksFile, sharedSecret: secret };
  await expect(openShop({ authentication: both })).rejects.toThrow('cannot both be set');
});

test('keys are taken from the file while it serves: a token of a key that is gone is refused at once', async () => {
  const own = await mkdtemp(join(tmpdir(), 'weft-rotation-'));
  const before = await createIssuer(own);
  const rotated = await openShop({ authentication: { jwksFile: before.jwksFile } });
  const statusOf = async (token: string) => (await rotated.ask('{ whoami }', { headers: bearer(token) })).status;
  const old = await before.token('42');
  expect(await statusOf(old)).toBe(200);
  const after = await createIssuer(own);
  await rotated.gateway.reload();
  expect([await statusOf(old), await statusOf(await after.token('42'))]).toEqual([401, 200]);
  await writeFile(after.jwksFile, 'no keys');
  await rotated.gateway.reload();
  expect(await statusOf(await after.token('42'))).toBe(200);
  await rm(own, { recursive: true });
});

test('headers by which a client says who it is never pass, and others only by the list', async () => {
  await shop.ask('{ whoami }', {
    headers: {
      'weft-user': 'x',
      'weft-signature': 'v1;x',
      'weft-deadline-ms': '1',
      'x-user-id': '1',
      'x-forwarded-user': 'alice',
      cookie: 'a=b',
      'x-tenant': 'north',
    },
  });
  const headers = shop.products.asked[0]?.headers ?? {};
  for (const name of ['weft-user', 'x-user-id', 'x-forwarded-user', 'cookie', 'authorization']) {
    expect(headers).not.toHaveProperty(name);
  }
  expect(headers['weft-signature']).not.toBe('v1;x');
  expect(Number(headers['weft-deadline-ms'])).toBeGreaterThan(1_000);
  expect(headers['x-tenant']).toBe('north');
});

test('a header that says who the client is cannot be put on the list', async () => {
  for (const name of ['weft-user', 'x-user-id', 'x-forwarded-user', 'content-length', 'X-Tenant']) {
    await expect(openShop({ headers: { forward: [name] } })).rejects.toThrow();
  }
});

test('our own subgraphs speak to clients in their own words, with the extensions that are allowed', async () => {
  shop.products.answer = (_request, response) =>
    sendJson(response, {
      data: { product: null, whoami: null },
      errors: [
        {
          message: 'Say who you are.',
          path: ['whoami'],
          extensions: { code: 'UNAUTHENTICATED', traceId: 't', sql: 'select' },
        },
        { message: 'relation does not exist', path: ['product'], extensions: { code: '42P01' } },
      ],
    });
  const { json } = await shop.ask('{ whoami product(id: "1") { id } }');
  expect(json.errors).toEqual([
    { message: 'Say who you are.', path: ['whoami'], extensions: { code: 'UNAUTHENTICATED', traceId: 't' } },
    { message: 'Subgraph error', path: ['product'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } },
  ]);
});
