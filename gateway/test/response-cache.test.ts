import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';
import { bearer, ISSUER, openIssuer } from './tokens.ts';

let issuer: Awaited<ReturnType<typeof openIssuer>>;
let shop: Shop;
beforeAll(async () => {
  issuer = await openIssuer();
});
beforeEach(async () => {
  await closeShops();
  shop = await openShop({
    secrets: ['a secret of the test suite'],
    headers: { forward: ['x-tenant'] },
    authentication: { jwksFile: issuer.jwksFile, issuer: ISSUER },
  });
});
afterAll(async () => {
  await closeShops();
  await issuer.close();
});

const BOTH = '{ product(id: "1") { name ... on Book { rating } } }';
const asked = () => shop.products.asked.length + shop.reviews.asked.length;
const user = async (subject: string, claims = {}) => bearer(await issuer.token(subject, claims));

test('an answer is served again for as long as the strictest subgraph says', async () => {
  shop.products.cacheControl = 'public, max-age=60';
  shop.reviews.cacheControl = 'max-age=20, public';
  const first = await shop.ask(BOTH);
  expect(first.headers.get('cache-control')).toBe('public, max-age=20');
  expect(first.headers.get('etag')).toMatch(/^"[\w-]{27}-g"$/);
  const before = asked();
  const again = await shop.ask(
    'query { product(id:"1"),{ name # spelt differently\n ...on Book{rating} } }'.replace('query ', ''),
  );
  expect([again.status, again.text]).toEqual([200, first.text]);
  expect(Number(again.headers.get('age'))).toBeLessThan(20);
  expect(asked()).toBe(before);
});

test('one subgraph that says nothing, or no, keeps the answer from being kept', async () => {
  shop.products.cacheControl = 'public, max-age=60';
  for (const header of [undefined, 'no-store', 'no-cache', 'max-age=0', 'public', 'max-age=rubbish']) {
    shop.reviews.cacheControl = header;
    const before = asked();
    const first = await shop.ask(BOTH);
    await shop.ask(BOTH);
    expect([header, first.headers.get('cache-control'), first.headers.get('etag'), asked() - before]).toEqual([
      header,
      'no-store',
      null,
      4,
    ]);
  }
});

test('other variables, names, headers and users are other answers', async () => {
  shop.products.cacheControl = 'public, max-age=60';
  const query = 'query A($a: String, $b: ID!) { echo(text: $a) product(id: $b) { id } } query B { echo(text: "b") }';
  const ask = (options: Parameters<Shop['ask']>[1]) => shop.ask(query, { operationName: 'A', ...options });
  const before = asked();
  await ask({ variables: { a: 'x', b: '1' } });
  await ask({ variables: { b: '1', a: 'x' } });
  expect(asked() - before).toBe(1);
  expect((await ask({ variables: { a: 'y', b: '1' } })).json.data?.echo).toBe('y');
  expect((await ask({ operationName: 'B', variables: { a: 'x', b: '1' } })).json.data?.echo).toBe('b');
  await ask({ variables: { a: 'x', b: '1' }, headers: { 'x-tenant': 'north' } });
  expect(asked() - before).toBe(4);
});

test('two users never share a private answer: forty at a time each', async () => {
  shop.products.cacheControl = 'private, max-age=60';
  const headers = { ada: await user('ada'), grace: await user('grace') };
  const answers = await Promise.all(
    Array.from({ length: 80 }, async (_, index) => {
      const name = index % 2 === 0 ? 'ada' : 'grace';
      const { json, headers: sent } = await shop.ask('{ whoami }', { headers: headers[name] });
      return [name, json.data?.whoami, sent.get('cache-control')];
    }),
  );
  for (const [name, whoami, control] of answers) expect([whoami, control]).toEqual([name, 'private, max-age=60']);
  const before = asked();
  expect((await shop.ask('{ whoami }', { headers: headers.ada })).json.data?.whoami).toBe('ada');
  expect((await shop.ask('{ whoami }', { headers: headers.grace })).json.data?.whoami).toBe('grace');
  expect(asked()).toBe(before);
  expect((await shop.ask('{ whoami }')).json.data?.whoami).toBeNull();
  expect((await shop.ask('{ whoami }', { headers: await user('ada', { scope: 'more' }) })).json.data?.whoami).toBe(
    'ada',
  );
  expect(asked()).toBe(before + 2);
});

test('a private answer of nobody is not kept, and one without a scope that was made for somebody is theirs alone', async () => {
  shop.products.cacheControl = 'private, max-age=60';
  expect((await shop.ask('{ whoami }')).headers.get('cache-control')).toBe('no-store');
  shop.products.cacheControl = 'max-age=60';
  const ada = await shop.ask('{ whoami }', { headers: await user('ada') });
  expect(ada.headers.get('cache-control')).toBe('private, max-age=60');
  expect((await shop.ask('{ whoami }', { headers: await user('grace') })).json.data?.whoami).toBe('grace');
  expect((await shop.ask('{ whoami }')).json.data?.whoami).toBeNull();
});

test('mutations and answers with errors are never kept', async () => {
  shop.products.cacheControl = 'public, max-age=60';
  const mutation = 'mutation { rename(id: "1", name: "x") { id } }';
  expect((await shop.ask(mutation)).headers.get('cache-control')).toBe('no-store');
  await shop.ask(mutation);
  expect(asked()).toBe(2);
  shop.products.answer = (_request, response) =>
    sendJson(response, { data: { whoami: null }, errors: [{ message: 'x', path: ['whoami'] }] }, 'public, max-age=60');
  expect((await shop.ask('{ whoami }')).headers.get('cache-control')).toBe('no-store');
  shop.products.answer = undefined;
  expect((await shop.ask('{ whoami }')).json).toEqual({ data: { whoami: null } });
});

test('an operation that is not to be kept with some variables is served again with others', async () => {
  shop.products.cacheControl = 'public, max-age=60';
  shop.reviews.cacheControl = 'no-store';
  const query = 'query($all: Boolean!) { product(id: "1") { name ... on Book { rating @include(if: $all) } } }';
  const requests = async (all: boolean) => {
    const before = asked();
    expect((await shop.ask(query, { variables: { all } })).status).toBe(200);
    return asked() - before;
  };
  expect([await requests(true), await requests(false), await requests(true), await requests(false)]).toEqual([
    2, 1, 2, 0,
  ]);
});

test('a client that has the answer is told so, by GET; a POST is always answered', async () => {
  shop.products.cacheControl = 'public, max-age=60';
  const post = await shop.ask('{ products { id } }');
  const etag = post.headers.get('etag') as string;
  for (const known of [etag, `W/${etag}`, '*']) {
    const again = await shop.ask('{ products { id } }', { headers: { 'if-none-match': known } });
    expect([again.status, again.text]).toEqual([200, post.text]);
  }
  const get = (headers: Record<string, string>, query = '{products{id}}') =>
    fetch(`${shop.url}?query=${query}`, { headers: { accept: 'application/json', ...headers } });
  const asJson = await get({});
  const tag = asJson.headers.get('etag') as string;
  const again = await get({ 'if-none-match': `"other", W/${tag}` });
  expect([
    again.status,
    await again.text(),
    again.headers.get('etag'),
    again.headers.get('cache-control'),
    again.headers.get('content-type'),
  ]).toEqual([304, '', tag, 'public, max-age=60', null]);
  expect((await get({ 'if-none-match': tag }, '{products{name}}')).status).toBe(200);
  // another media type is another representation, with another strong tag
  expect(tag).not.toBe(etag);
  expect((await get({ 'if-none-match': etag })).status).toBe(200);
  expect(asJson.headers.get('vary')).toBe('Accept, Authorization, Cookie, weft-write-token, x-tenant');
});
