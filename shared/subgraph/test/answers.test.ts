import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createRequestSigner, createWriteTokens } from '@weft/service';
import { testFleet } from '@weft/testing';
import { defineSubgraph, type SubgraphContext, type SubgraphOnFleet, startOnFleet } from '../src/index.ts';
import { things } from './things.ts';

type Tables = Record<string, never>;

const writing = defineSubgraph<Tables>({
  ...things,
  resolvers: {
    ...things.resolvers,
    Query: {
      ...things.resolvers.Query,
      async writesAndHangs(_root: unknown, _args: unknown, { session, signal }: SubgraphContext<Tables>) {
        await session.write({
          at: { bucket: 1 },
          name: 'writeOne',
          statement: (db) => db.selectNoFrom(({ lit }) => lit(1).as('one')),
        });
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      },
    },
  },
});

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<Record<string, never>>;
const log: string[] = [];

beforeAll(async () => {
  fleet = await testFleet({ name: 'answers', shards: 1 });
  const environment = { WEFT_LOG_LEVEL: 'info' };
  running = await startOnFleet(writing, fleet, { environment, writeLog: (line) => void log.push(line) });
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

beforeEach(() => {
  log.length = 0;
});

test('a bug is a code and a trace id on the wire, and everything in the log', async () => {
  const answer = await running.call({ query: '{ hello bug }' });
  expect(answer.status).toBe(200);
  expect(answer.data).toEqual({ hello: 'world', bug: null });
  expect(answer.errors).toEqual([
    {
      message: 'Something failed in this subgraph.',
      locations: [{ line: 1, column: 9 }],
      path: ['bug'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) },
    },
  ]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const line = log.find((text) => text.includes('ECONNREFUSED 10.1.2.3'));
  expect(line).toContain('select secret from accounts.account failed');
  expect(line).toContain(`"trace_id":"${answer.errors[0]?.extensions.traceId}"`);
});

test('the trace id of an error is that of the caller', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const { errors } = await running.call({ query: '{ bug }', headers: { traceparent } });
  expect(errors[0]?.extensions.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
});

test('an expected failure goes out as it is, without what is meant for the log', async () => {
  const { data, errors } = await running.call({ query: '{ refused hello }' });
  expect(data).toEqual({ refused: null, hello: 'world' });
  expect(errors).toEqual([
    {
      ...{ message: 'The price is wrong.', path: ['refused'], locations: [{ line: 1, column: 3 }] },
      extensions: { code: 'BAD_USER_INPUT', field: 'price' },
    },
  ]);
});

test('a null where none can be is a bug and says nothing of the schema', async () => {
  const { status, data, errors } = await running.call({ query: '{ mustNotBeNull }' });
  expect([status, data]).toEqual([200, null]);
  expect(errors[0]).toMatchObject({ path: ['mustNotBeNull'], extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  expect(errors[0]?.message).not.toContain('Query');
});

test('an entity that throws at once fails alone', async () => {
  const { data, errors } = await running.call({
    query: 'query($r: [_Any!]!) { _entities(representations: $r) { ... on Thing { id } } }',
    variables: { r: ['1', 'cursed', 'gone', '2'].map((id) => ({ __typename: 'Thing', id })) },
  });
  expect(data).toEqual({ _entities: [{ id: '1' }, null, null, { id: '2' }] });
  expect(errors).toMatchObject([{ path: ['_entities', 1], extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
});

test('malformed money is the fault of the caller, and of no other field', async () => {
  const query = 'query($price: Money!) { echo(price: $price) hello }';
  expect((await running.call({ query, variables: { price: '12.90 EUR' } })).data).toMatchObject({ echo: '12.90 EUR' });
  const message = 'Money is malformed: it is an amount, a space and a currency, like 12.90 EUR.';
  const refused = { message, path: ['echo'], extensions: { code: 'BAD_USER_INPUT' } };
  for (const asked of [
    { query, variables: { price: '12,90' } },
    { query: '{ echo(price: "12,90") hello }' },
    { query: 'query($price: Money! = "12,90") { echo(price: $price) hello }' },
  ]) {
    const { status, data, errors } = await running.call(asked);
    expect([status, data]).toEqual([200, { echo: null, hello: 'world' }]);
    expect(errors).toMatchObject([refused]);
  }
  const deep = await running.call({
    query: 'query($price: Money!) { many(of: { prices: ["1.00 EUR", $price] }) hello }',
    variables: { price: 7 },
  });
  expect(deep.data).toEqual({ many: null, hello: 'world' });
  expect(deep.errors).toMatchObject([{ path: ['many'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('the answer says how long it may be kept', async () => {
  const header = async (query: string) => (await running.call({ query })).headers.get('cache-control');
  expect(await header('{ hello }')).toBe('max-age=30, public');
  expect(await header('{ hello rows }')).toBe('no-store');
  // The hints of all fields allow it, but one has failed and may work a moment later.
  expect(await header('{ hello bug }')).toBe('no-store');
});

async function raw(body: string, more: { path?: string; method?: string; headers?: Record<string, string> } = {}) {
  const { path = '/graphql', method = 'POST', headers } = more;
  const signed = { audience: 'things', method, path, body: method === 'GET' ? '' : body };
  const signature = createRequestSigner([running.secret]).sign(signed);
  const response = await fetch(`${running.service.url}${path}`, {
    method,
    ...(method !== 'GET' && { body }),
    headers: { 'content-type': 'application/json', 'weft-signature': signature, ...headers },
  });
  const answer = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
  return `${response.status} ${answer.errors?.[0]?.extensions?.code}`;
}
const document = (query: string) => JSON.stringify({ query });

test.each([
  ['a document that nests too deep', document(`{ ${'a { '.repeat(6)} b ${'}'.repeat(7)}`), '400 MAX_DEPTH_LIMIT'],
  ['50,000 levels', document('{a'.repeat(25_000)), '400 MAX_DEPTH_LIMIT'],
  ['too many tokens', document(`{ ${'hello '.repeat(300)} }`), '400 TOO_MANY_TOKENS'],
  ['a document that is too large', document(`{ hello } #${'x'.repeat(70_000)}`), '413 LIMIT_EXCEEDED'],
  [
    'a body that is too large',
    JSON.stringify({ query: '{ hello }', variables: { x: 'x'.repeat(2_200_000) } }),
    '413 LIMIT_EXCEEDED',
  ],
  ['no GraphQL', document('{ hello'), '400 GRAPHQL_PARSE_FAILED'],
  ['a field that is not there', document('{ unknown }'), '400 GRAPHQL_VALIDATION_FAILED'],
  [
    'an unknown operation name',
    JSON.stringify({ query: 'query A { hello }', operationName: 'B' }),
    '400 OPERATION_RESOLUTION_FAILURE',
  ],
  ['a missing variable', document('query($p: Money!) { echo(price: $p) }'), '400 BAD_USER_INPUT'],
  ['variables that are no object', JSON.stringify({ query: '{ hello }', variables: [1] }), '400 BAD_REQUEST'],
  ['no JSON', '{', '400 BAD_REQUEST'],
  ['a batch', `[${document('{ hello }')}]`, '400 BAD_REQUEST'],
  ['null', 'null', '400 BAD_REQUEST'],
  ['no query', '{"variables":{}}', '400 BAD_REQUEST'],
])('%s is refused with a code, never with a 5xx', async (_what, body, expected) => {
  expect(await raw(body)).toBe(expected);
});

test('only POST of application/json to /graphql is served', async () => {
  const body = document('{ hello }');
  expect(await raw(body, { path: '/other' })).toBe('404 NOT_FOUND');
  expect(await raw(body, { method: 'GET' })).toBe('405 METHOD_NOT_ALLOWED');
  for (const type of ['text/plain', 'application/json; charset=utf-16', 'application/jsonx']) {
    expect(await raw(body, { headers: { 'content-type': type } })).toBe('415 UNSUPPORTED_MEDIA_TYPE');
  }
  expect(await raw(body, { headers: { 'content-type': 'application/json; charset=UTF-8' } })).toBe('200 undefined');
  expect(await raw(body, { headers: { 'content-encoding': 'gzip' } })).toBe('415 UNSUPPORTED_MEDIA_TYPE');
});

test('the deadline of the gateway ends a request, and the signal reaches the resolver', async () => {
  const startedAt = performance.now();
  const { status, errors } = await running.call({ query: '{ never }', headers: { 'weft-deadline-ms': '60' } });
  expect([status, errors[0]?.extensions.code]).toEqual([504, 'DEADLINE_EXCEEDED']);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('who is told that the time is over is told what was written before it was', async () => {
  const headers = { 'weft-deadline-ms': '1500' };
  const answer = await running.call({ query: '{ writesAndHangs }', headers });
  expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([504, 'DEADLINE_EXCEEDED']);
  const tokens = createWriteTokens([running.secret]).read(answer.headers.get('weft-write-token') ?? undefined);
  expect(tokens.map(({ shard }) => shard)).toEqual(['shard-1']);
});

test('metrics count requests and errors, and strangers cannot add labels', async () => {
  await running.call({ query: '{ bug }' });
  for (let n = 0; n < 210; n++) await running.call({ query: `query Made${n} { hello }` });
  // the name of an operation that is asked again and again has a label from the twentieth time on, whoever came before
  for (let n = 0; n < 21; n++) await running.call({ query: 'query Known { hello }', operationName: 'Known' });
  const text = await (await fetch(`${running.service.url}/metrics`)).text();
  expect(text).toMatch(/subgraph_requests_total\{operation="Known",status="200"\} 2\n/);
  expect(text).toMatch(/subgraph_errors_total\{code="INTERNAL_SERVER_ERROR"\} \d/);
  expect(text).toMatch(/subgraph_requests_total\{operation="refused",status="400"\} \d/);
  expect(text).toMatch(/subgraph_requests_total\{operation="other",status="200"\} \d/);
  expect(text).not.toContain('Made');
});
