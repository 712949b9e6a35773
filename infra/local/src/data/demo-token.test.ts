import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { createDemoIssuer } from './demo-issuer.ts';
import { demoToken } from './demo-token.ts';

test('a token is signed with the key of the graph, and none is made up where no graph was started', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'weft-token-'));
  await expect(demoToken('ada', { directory })).rejects.toThrow(`There is no signing key in ${directory}: start`);
  const secrets = join(directory, 'secrets');
  await mkdir(secrets);
  const jwks = join(secrets, 'jwks.json');
  await createDemoIssuer(secrets, jwks);

  const token = await demoToken('ada', { directory, lifetimeS: 60 });
  const keys = createLocalJWKSet(JSON.parse(await readFile(jwks, 'utf8')) as JSONWebKeySet);
  const { payload } = await jwtVerify(token, keys, { issuer: 'weft-demo', audience: 'weft' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  expect(payload.sub).toMatch(/^\d+$/);
  await expect(demoToken('bob', { directory })).rejects.toThrow('There is no demo user bob.');
  await rm(directory, { recursive: true });
});
