import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { closeShops, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(closeShops);

test('an operation over two subgraphs is answered as one', async () => {
  const { status, json } = await shop.ask(
    '{ products { id name ... on Book { reviews { body } } ... on Tool { grade } } }',
  );
  expect({ status, json }).toEqual({
    status: 200,
    json: {
      data: {
        products: [
          { id: '1', name: 'Loom', reviews: [{ body: 'Review 1' }] },
          { id: '2', name: 'Shuttle', grade: 'A' },
          { id: '3', name: 'Weft', reviews: [{ body: 'Review 3' }] },
        ],
      },
    },
  });
});

test('variables, names and mutations reach the subgraph', async () => {
  const read = await shop.ask('query A($id: ID!) { product(id: $id) { name } } query B { products { id } }', {
    operationName: 'A',
    variables: { id: '3' },
  });
  expect(read.json).toEqual({ data: { product: { name: 'Weft' } } });
  const written = await shop.ask('mutation { rename(id: "1", name: "New") { name } }');
  expect(written.json).toEqual({ data: { rename: { name: 'New' } } });
});

test('a variable may be called representations', async () => {
  const { json } = await shop.ask(
    'query ($representations: Int) { product(id: "1") { name ... on Book { reviews(first: $representations) { body } } } }',
    { variables: { representations: 1 } },
  );
  expect(json).toEqual({ data: { product: { name: 'Loom', reviews: [{ body: 'Review 1' }] } } });
});

test('GET serves queries, and mutations are refused there', async () => {
  const get = (query: string) =>
    fetch(`${shop.url}?query=${encodeURIComponent(query)}`, { headers: { accept: 'application/json' } });
  const read = await get('{ products { id } }');
  expect([read.status, await read.json()]).toEqual([
    200,
    { data: { products: [{ id: '1' }, { id: '2' }, { id: '3' }] } },
  ]);
  const written = await get('mutation { rename(id: "1", name: "x") { id } }');
  expect([written.status, written.headers.get('allow')]).toEqual([405, 'POST']);
});

test('a persisted operation is sent by its hash once the gateway has seen it', async () => {
  const query = '{ products { id price } }';
  const hash = 'c1b7b4b8f7ae6a2ae1dba6e2e1a1c7c9d1c7e5e0ef7f4a1c4b7f5d1c6e9a0b11';
  const { createHash } = await import('node:crypto');
  const extensions = { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') } };
  const post = async (body: object) => {
    const response = await fetch(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, json: await response.json() };
  };
  expect(await post({ extensions })).toMatchObject({
    status: 200,
    json: { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] },
  });
  const full = await post({ query, extensions });
  expect(full.status).toBe(200);
  expect(await post({ extensions })).toEqual(full);
  expect((await post({ query, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })).status).toBe(400);
});

test('nobody can make the gateway answer 5xx or say something untyped', async () => {
  const cases: [string, Parameters<Shop['ask']>[1], number, string][] = [
    ['{', {}, 400, 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', {}, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { products { id } } query B { products { id } }', {}, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['query A { products { id } }', { operationName: 'Z' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['query ($id: ID!) { product(id: $id) { id } }', {}, 400, 'BAD_USER_INPUT'],
    ['query ($id: ID!) { product(id: $id) { id } }', { variables: { id: { a: 1 } } }, 400, 'BAD_USER_INPUT'],
    [`{ products { id ${'... on Book { id '.repeat(60)}${'}'.repeat(60)} } }`, {}, 400, 'MAX_DEPTH_LIMIT'],
    [`{ ${'a: products { id } '.repeat(40)} }`, {}, 400, 'MAX_ALIASES_LIMIT'],
    [`{ products { id } } # ${'x'.repeat(70_000)}`, {}, 413, 'LIMIT_EXCEEDED'],
    ['fragment F on Book { id }', {}, 400, 'BAD_REQUEST'],
    ['', {}, 400, 'BAD_REQUEST'],
  ];
  for (const [query, options, status, code] of cases) {
    const answered = await shop.ask(query, options);
    expect([query.slice(0, 60), answered.status, answered.json.errors?.[0]?.extensions.code]).toEqual([
      query.slice(0, 60),
      status,
      code,
    ]);
  }
});

test('what is not a GraphQL request is refused with the status that says why', async () => {
  const send = async (init: RequestInit, path = '') => {
    const response = await fetch(shop.url + path, init);
    const body = (await response.json()) as { errors: { extensions: { code: string } }[] };
    return [response.status, body.errors[0]?.extensions.code];
  };
  const json = { 'content-type': 'application/json' };
  const post = (body: string | Uint8Array, headers: Record<string, string> = json): RequestInit => ({
    method: 'POST',
    headers,
    body: body as string,
  });
  expect(await send(post('{}'), '/x')).toEqual([404, 'NOT_FOUND']);
  expect(await send({ method: 'PUT', headers: json, body: '{}' })).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(await send(post('{"query":"{ __typename }"}', { ...json, accept: 'text/html' }))).toEqual([
    406,
    'NOT_ACCEPTABLE',
  ]);
  expect(await send(post('{"query":"{ __typename }"}', { 'content-type': 'text/plain' }))).toEqual([
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ]);
  expect(await send(post('{}', { 'content-type': 'application/json; charset=utf-7' }))).toEqual([
    415,
    'UNSUPPORTED_MEDIA_TYPE',
  ]);
  expect(await send(post('{'))).toEqual([400, 'BAD_REQUEST']);
  expect(await send(post('[]'))).toEqual([400, 'BAD_REQUEST']);
  expect(await send(post(Buffer.from('{"query":"{ __typename } # \xff"}', 'latin1')))).toEqual([400, 'BAD_REQUEST']);
  expect(await send(post(`{"query":"{a}","variables":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`))).toEqual([
    400,
    'MAX_DEPTH_LIMIT',
  ]);
  expect(await send(post(`{"query":"${'x'.repeat(2_000_000)}"}`))).toEqual([413, 'LIMIT_EXCEEDED']);
  expect(await send({}, '?query=a&query=b')).toEqual([400, 'BAD_REQUEST']);
  expect(await send({}, '?query={a}&variables=[')).toEqual([400, 'BAD_REQUEST']);
});

test('a GET that a page could forge is refused, one of a program is not', async () => {
  const path = `${shop.url}?query={products{id}}`;
  const get = async (headers: Record<string, string>) => (await fetch(path, { headers })).status;
  const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' };
  expect(await get(browser)).toBe(400);
  expect(await get({ ...browser, 'sec-fetch-site': 'cross-site' })).toBe(400);
  expect(await get({ 'user-agent': 'x', 'content-type': 'text/plain' })).toBe(400);
  expect(await get({ ...browser, 'apollo-require-preflight': '1' })).toBe(200);
  expect(await get({ ...browser, 'content-type': 'application/json' })).toBe(200);
  expect(await get({ 'user-agent': 'curl/8' })).toBe(200);
});

test('pages of other origins learn nothing unless the configuration names them', async () => {
  const open = await openShop({ cors: { origins: ['https://shop.example'] } });
  const preflight = async (url: string, origin: string) => {
    const response = await fetch(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };
  expect(await preflight(shop.url, 'https://shop.example')).toEqual([204, null]);
  expect(await preflight(open.url, 'https://shop.example')).toEqual([204, 'https://shop.example']);
  expect(await preflight(open.url, 'https://evil.example')).toEqual([204, null]);
  const refusal = await open.ask('{', { headers: { origin: 'https://shop.example' } });
  expect(refusal.headers.get('access-control-allow-origin')).toBe('https://shop.example');
});

test('production shows no schema: no introspection, no hints', async () => {
  const closed = await openShop({ mode: 'production' });
  const asked = '{ __schema { types { name } } }';
  expect((await shop.ask(asked)).json.errors).toBeUndefined();
  for (const query of [asked, '{ ...F } fragment F on Query { a: __type(name: "Book") { name } }']) {
    const { status, json } = await closed.ask(query);
    expect({ status, json }).toMatchObject({
      status: 400,
      json: {
        errors: [{ message: 'The schema is not shown here.', extensions: { code: 'INTROSPECTION_DISABLED' } }],
      },
    });
    expect(json.data).toBeUndefined();
  }
  expect((await closed.ask('{ __typename }')).json).toEqual({ data: { __typename: 'Query' } });
  expect((await shop.ask('{ product { id } productz { id } }')).text).toContain('Did you mean');
  expect((await closed.ask('{ product { id } productz { id } }')).text).not.toContain('Did you mean');
  const page = await fetch(closed.url, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([406, 'application/json; charset=utf-8']);
});
