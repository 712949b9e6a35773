import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createWriteTokens } from '@weft/service';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';

const SECRET = 'a secret of the test suite';
const tokens = createWriteTokens([SECRET]);
const now = Math.floor(Date.now() / 1_000);
const tokenOf = (shard: string, xid: string): string =>
  tokens.format([{ shard, epoch: '1.1', xid, writtenAt: now }]) ?? '';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ secrets: [SECRET] });
});
beforeEach(() => {
  for (const peer of [shop.products, shop.reviews]) {
    peer.asked.length = 0;
    peer.answer = undefined;
    peer.cacheControl = undefined;
  }
});
afterAll(closeShops);

const RENAME = 'mutation { rename(id: "1", name: "new") { name ... on Book { rating } } }';
const BOTH = '{ product(id: "1") { name ... on Book { rating } } }';

/** From now on products answers as after a write. */
const writes = (token: string): void => {
  shop.products.answer = (_, response) => {
    response.setHeader('weft-write-token', token);
    sendJson(response, { data: { rename: { __typename: 'Book', id: '1', name: 'new' } } });
  };
};
const brought = () =>
  [shop.products, shop.reviews].map(({ asked }) => asked.map(({ headers }) => headers['weft-write-token']));

test('what a mutation wrote is told to the fetches after it in the same operation, and to the client', async () => {
  const token = tokenOf('shard-1', '740');
  writes(token);
  const answer = await shop.ask(RENAME);
  expect(answer.json).toEqual({ data: { rename: { name: 'new', rating: 1.5 } } });
  expect(brought()).toEqual([[undefined], [token]]);
  expect(answer.headers.get('weft-write-token')).toBe(token);
  expect(answer.headers.get('set-cookie')).toBe(
    `weft-write-token=${token}; Max-Age=60; Path=/graphql; HttpOnly; SameSite=Lax`,
  );
});

test('a client that brings its token back, as a header or a cookie, has it told to every subgraph', async () => {
  const token = tokenOf('shard-1', '740');
  const ways = [{ 'weft-write-token': token }, { cookie: `a=b; weft-write-token=${token}; c=d` }];
  for (const headers of ways) {
    shop.products.asked.length = shop.reviews.asked.length = 0;
    const answer = await shop.ask(BOTH, { headers });
    expect(answer.status).toBe(200);
    expect(brought()).toEqual([[token], [token]]);
    // Nothing new was written: it lives no longer than it would have.
    expect([answer.headers.get('weft-write-token'), answer.headers.get('set-cookie')]).toEqual([null, null]);
  }
  await shop.ask(BOTH);
  expect(brought()[0]?.at(-1)).toBeUndefined();
});

test('tokens of several shards are carried together, the newest of each', async () => {
  const earlier = `${tokenOf('shard-1', '5')}/${tokenOf('shard-2', '7')}`;
  writes(tokenOf('shard-1', '6'));
  const answer = await shop.ask(RENAME, { headers: { 'weft-write-token': earlier } });
  const read = tokens.read(answer.headers.get('weft-write-token') ?? '');
  expect(read.map(({ shard, xid }) => `${shard} ${xid}`).sort()).toEqual(['shard-1 6', 'shard-2 7']);
});

test('what is no token goes nowhere', async () => {
  for (const rubbish of ['rubbish', 'shard-1:1.1:7:8', 'a'.repeat(5_000)]) {
    await shop.ask(BOTH, { headers: { 'weft-write-token': rubbish } });
  }
  await shop.ask(BOTH, { headers: { cookie: 'weft-write-token=rubbish' } });
  expect(brought().flat()).toEqual(Array.from({ length: 8 }, () => undefined));
});

test('who has just written gets no kept answer; everybody else does', async () => {
  shop.products.cacheControl = shop.reviews.cacheControl = 'public, max-age=60';
  await shop.ask(BOTH);
  await shop.ask(BOTH);
  expect(shop.products.asked).toHaveLength(1);
  await shop.ask(BOTH, { headers: { 'weft-write-token': tokenOf('shard-1', '740') } });
  expect(shop.products.asked).toHaveLength(2);
  await shop.ask(BOTH);
  expect(shop.products.asked).toHaveLength(2);
});

test('a token that is forged, of a stranger or old is none: its client gets kept answers as all others do', async () => {
  shop.products.cacheControl = shop.reviews.cacheControl = 'public, max-age=60';
  const other = '{ product(id: "1") { ... on Book { rating } name } }';
  const fields = { shard: 'shard-1', epoch: '1.1', xid: '740', writtenAt: now };
  const good = tokenOf('shard-1', '740');
  const bad = [
    good.replace(':740:', ':741:'),
    createWriteTokens(['another secret of the test suite']).format([fields]) ?? '',
    tokens.format([{ ...fields, writtenAt: now - 3_600 }]) ?? '',
  ];
  await shop.ask(other);
  for (const token of bad) {
    await shop.ask(other, { headers: { 'weft-write-token': token } });
    await shop.ask(other, { headers: { cookie: `weft-write-token=${token}` } });
  }
  expect(brought()).toEqual([[undefined], [undefined]]);
  // nor does it push out a good one of the same shard
  const forgedLater = good.replace(`:${now}:`, `:${now + 9}:`);
  await shop.ask(other, { headers: { 'weft-write-token': `${forgedLater}/${good}` } });
  const told = brought()[0]?.at(-1);
  expect(tokens.read(told).map(({ xid, writtenAt }) => [xid, writtenAt])).toEqual([['740', now]]);
});

test('without secrets tokens cannot be told apart, and go on as they came', async () => {
  const unsigned = await openShop({});
  const token = createWriteTokens(['another secret of the test suite']).format([
    { shard: 'shard-1', epoch: '1.1', xid: '740', writtenAt: now },
  ]);
  await unsigned.ask(BOTH, { headers: { 'weft-write-token': token ?? '' } });
  expect(unsigned.products.asked.map(({ headers }) => headers['weft-write-token'])).toEqual([token]);
});
