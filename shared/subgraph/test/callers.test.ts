import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRequestSigner, createUserTokens } from '@weft/service';
import { testFleet } from '@weft/testing';
import { type SubgraphOnFleet, startOnFleet } from '../src/index.ts';
import { things } from './things.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<Record<string, never>>;
const log: string[] = [];

beforeAll(async () => {
  fleet = await testFleet({ name: 'callers', shards: 1 });
  const environment = { WEFT_LOG_LEVEL: 'info' };
  running = await startOnFleet(things, fleet, { environment, writeLog: (line) => void log.push(line) });
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

const ENTITIES = JSON.stringify({
  query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { name } } }',
  variables: { r: [{ __typename: 'Thing', id: '1' }] },
});
const SERVICE = JSON.stringify({ query: '{ _service { sdl } }' });
const STRANGER = 'a secret that the subgraph does not know';

const sign = (secret: string, body: string, user?: string, audience = 'things') =>
  createRequestSigner([secret]).sign({ audience, method: 'POST', path: '/graphql', body, user });

async function post(body: string, headers: Record<string, string>) {
  const response = await fetch(running.url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
  const answer = (await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: answer.errors?.[0]?.extensions.code, data: answer.data };
}
const REFUSED = { status: 401, code: 'UNAUTHENTICATED', data: undefined };

test.each([
  ['_entities', ENTITIES],
  ['_service', SERVICE],
])('%s is for the gateway: unsigned, wrongly signed, altered and replayed callers get 401', async (_field, body) => {
  const user = await createUserTokens([running.secret]).sign({ subject: '1', scopes: [] });
  const other = body.replace('query', 'query ');
  expect(await post(body, {})).toEqual(REFUSED);
  expect(await post(body, { 'weft-signature': 'v2;k=x;t=1;n=x;s=x' })).toEqual(REFUSED);
  expect(await post(body, { 'weft-signature': sign(STRANGER, body) })).toEqual(REFUSED);
  expect(await post(other, { 'weft-signature': sign(running.secret, body) })).toEqual(REFUSED);
  expect(await post(body, { 'weft-signature': sign(running.secret, body, undefined, 'others') })).toEqual(REFUSED);
  // A user that was put on a request which was signed without one.
  expect(await post(body, { 'weft-signature': sign(running.secret, body), 'weft-user': user })).toEqual(REFUSED);
  const signature = sign(running.secret, body);
  expect(await post(body, { 'weft-signature': signature })).toMatchObject({ status: 200, code: undefined });
  expect(await post(body, { 'weft-signature': signature })).toEqual(REFUSED);
});

test('why a caller was refused is in the log and in the metrics, and not in the answer', async () => {
  log.length = 0;
  const headers = { 'content-type': 'application/json', 'weft-signature': sign(STRANGER, SERVICE) };
  const response = await fetch(running.url, { method: 'POST', body: SERVICE, headers });
  expect(await response.text()).not.toMatch(/secret|signature/);
  expect(log.join('')).toMatch(/"level":"warn".*signed with a secret that is not known here/);
  const metrics = await (await fetch(`${running.service.url}/metrics`)).text();
  expect(metrics).toMatch(/subgraph_errors_total\{code="UNAUTHENTICATED"\} \d/);
});

test('a stranger is refused before its body is read', async () => {
  const body = JSON.stringify({ query: 'x'.repeat(3_000_000) });
  expect(await post(body, {})).toEqual(REFUSED);
  expect(await post(body, { 'weft-signature': sign(running.secret, body) })).toMatchObject({ status: 413 });
});

test('nothing else is open to strangers, but health and metrics are', async () => {
  for (const path of ['/', '/graphql/', '/graphql?query={hello}']) {
    expect((await fetch(`${running.service.url}${path}`, { method: 'POST', body: '{}' })).status).toBeGreaterThan(400);
  }
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    expect((await fetch(`${running.service.url}${path}`)).status).toBe(200);
  }
});

test('the user is whom the token names; one that does not hold is refused and never taken for none', async () => {
  const query = '{ whoAmI }';
  expect((await running.call({ query, user: { subject: '42', scopes: [] } })).data).toEqual({ whoAmI: '42' });
  expect((await running.call({ query })).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  const body = JSON.stringify({ query: '{ hello }' });
  for (const user of ['rubbish', await createUserTokens([STRANGER]).sign({ subject: '1', scopes: [] })]) {
    const headers = { 'weft-signature': sign(running.secret, body, user), 'weft-user': user };
    expect(await post(body, headers)).toEqual(REFUSED);
  }
});

test('in a rotation the subgraph takes both secrets', async () => {
  const next = 'the secret that comes after this one';
  const copy = await running.startCopy({ environment: { WEFT_SECRETS: `${next},${running.secret}` } });
  try {
    expect((await copy.call({ query: '{ hello }' })).status).toBe(200);
    const headers = { 'content-type': 'application/json', 'weft-signature': sign(next, SERVICE) };
    expect((await fetch(copy.url, { method: 'POST', body: SERVICE, headers })).status).toBe(200);
  } finally {
    await copy.stop();
  }
});

test('a production subgraph has no introspection, but still its SDL for a signed caller', async () => {
  const query = '{ __schema { queryType { name } } }';
  expect((await running.call({ query })).data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  const copy = await running.startCopy({ environment: { WEFT_MODE: 'production' } });
  try {
    const refused = await copy.call({ query });
    expect([refused.status, refused.errors[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    const typo = await copy.call({ query: '{ helo }' });
    expect(typo.errors[0]?.message).not.toMatch(/hello/);
    expect((await copy.call({ query: '{ _service { sdl } }' })).data).toMatchObject({
      _service: { sdl: expect.stringContaining('type Thing') },
    });
  } finally {
    await copy.stop();
  }
});

test.each([
  ['an object', { name: 'a' }, 200, undefined],
  ['null', null, 400, 'BAD_REQUEST'],
  ['a list', [], 400, 'BAD_REQUEST'],
  ['a text', 'name', 400, 'BAD_REQUEST'],
  ['absent', undefined, 400, 'BAD_REQUEST'],
])('an event whose payload is %s is taken or refused for good', async (_what, payload, status, code) => {
  const body = JSON.stringify({ id: '7', topic: 'thing-told', payload });
  const path = '/events';
  const signature = createRequestSigner([running.secret]).sign({ audience: 'things', method: 'POST', path, body });
  const headers = { 'content-type': 'application/json', 'weft-signature': signature };
  const response = await fetch(running.url.replace('/graphql', path), { method: 'POST', body, headers });
  const answer = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  expect([response.status, answer.errors?.[0]?.extensions.code]).toEqual([status, code]);
});
