import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createWriteTokens } from '@weft/service';
import { waitFor } from '@weft/testing';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';
import { bearer, ISSUER, openIssuer } from './tokens.ts';

const SECRET = 'a secret of the test suite';

let issuer: Awaited<ReturnType<typeof openIssuer>>;
let shop: Shop;
beforeAll(async () => {
  issuer = await openIssuer();
  shop = await openShop({
    secrets: [SECRET],
    http: { port: 0, deduplicate: true },
    traffic: { timeout: '60s', operationTimeout: '60s' },
    headers: { forward: ['x-tenant'] },
    authentication: { jwksFile: issuer.jwksFile, issuer: ISSUER },
  });
});
afterEach(() => {
  shop.products.answer = undefined;
  shop.products.cacheControl = undefined;
  shop.products.asked.length = 0;
});
afterAll(async () => {
  await closeShops();
  await issuer.close();
});

const user = async (subject: string, claims = {}) => bearer(await issuer.token(subject, claims));

/** Holds the answers of products back; each of the held ones is given by `release`. */
function hold(cacheControl = 'no-store') {
  const held: (() => void)[] = [];
  shop.products.answer = (_request, response) =>
    void held.push(() => sendJson(response, { data: { whoami: 'held' } }, cacheControl));
  return {
    async arrived(count: number): Promise<void> {
      await waitFor(() => held.length >= count, { timeoutMs: 10_000, what: `${count} fetches` });
    },
    count: () => held.length,
    release() {
      for (const give of held.splice(0)) give();
    },
  };
}

/** So many requests are in the gateway, and another one has gone all the way since they were. */
async function areIn(count: number): Promise<void> {
  const metrics = async (): Promise<string> => await (await fetch(new URL('/metrics', shop.url))).text();
  await waitFor(async () => (await metrics()).includes(`gateway_requests_in_flight ${count}\n`), {
    timeoutMs: 10_000,
    what: `${count} requests in flight`,
  });
  await shop.ask('{ latest { id } }');
}

test('equal queries at the same time are run once, and each gets the whole answer', async () => {
  await shop.ask('{ whoami }'); // an operation that is not known yet goes another way
  shop.products.asked.length = 0;
  const products = hold('public, max-age=60');
  const asked = Array.from({ length: 20 }, () => shop.ask('{ whoami }'));
  await products.arrived(1);
  await areIn(20);
  products.release();
  for (const { json, headers } of await Promise.all(asked)) {
    expect(json).toEqual({ data: { whoami: 'held' } });
    // what subgraphs said about caching is said to each of them
    expect(headers.get('cache-control')).toBe('public, max-age=60');
  }
  expect(shop.products.asked).toHaveLength(1);
});

test('two users never share an answer, nor do other variables, headers or scopes: forty at a time each', async () => {
  const query = 'query Who($t: String) { whoami echo(text: $t) }';
  const ada = await user('ada');
  const grace = await user('grace');
  const kinds = [
    { headers: ada, variables: { t: 'x' } },
    { headers: grace, variables: { t: 'x' } },
    { headers: ada, variables: { t: 'y' } },
    { headers: { ...ada, 'x-tenant': 'north' }, variables: { t: 'x' } },
    { headers: await user('ada', { scope: 'more' }), variables: { t: 'x' } },
    { headers: {}, variables: { t: 'x' } },
  ];
  const expected = [
    ['ada', 'x'],
    ['grace', 'x'],
    ['ada', 'y'],
    ['ada', 'x'],
    ['ada', 'x'],
    [null, 'x'],
  ];
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => index % kinds.length).map(async (kind) => {
        const { json } = await shop.ask(query, kinds[kind]);
        return [kind, json.data?.whoami, json.data?.echo];
      }),
    );
    for (const [kind, whoami, echo] of answers) expect([whoami, echo]).toEqual(expected[kind as number]);
  }
  const tenants = shop.products.asked.filter(({ headers }) => headers['x-tenant'] === 'north');
  expect(tenants.length).toBeGreaterThan(0);
});

test('who has written since does not join who has not; who brings a made-up token does', async () => {
  const query = '{ whoami latest { id } }';
  await shop.ask(query);
  shop.products.asked.length = 0;
  const products = hold();
  const writtenAt = Math.floor(Date.now() / 1_000);
  const token = createWriteTokens([SECRET]).format([{ shard: 'shard-1', epoch: '1.1', xid: '7', writtenAt }]);
  const forged = `shard-1:1.1:7:${writtenAt}:${'a'.repeat(22)}`;
  const asked = [undefined, forged, token].map((brought) =>
    shop.ask(query, brought === undefined ? {} : { headers: { 'weft-write-token': brought } }),
  );
  await products.arrived(2);
  products.release();
  for (const { json } of await Promise.all(asked)) expect(json.data?.whoami).toBe('held');
  expect(shop.products.asked.map(({ headers }) => headers['weft-write-token']).sort()).toEqual([token, undefined]);
});

test('mutations are never shared', async () => {
  const rename = 'mutation { rename(id: "1", name: "x") { name } }';
  await Promise.all(Array.from({ length: 8 }, () => shop.ask(rename)));
  expect(shop.products.asked).toHaveLength(8);
});

test('a client that leaves takes nothing from those who joined it; when all have left the fetch ends too', async () => {
  let ended = 0;
  const held = { data: { __typename: 'Query', whoami: 'held' } };
  const query = '{ __typename whoami }';
  await shop.ask(query);
  shop.products.asked.length = 0;
  const products = hold();
  const answer = shop.products.answer as NonNullable<Shop['products']['answer']>;
  shop.products.answer = (request, response, body) => {
    response.once('close', () => {
      if (!response.writableFinished) ended += 1;
    });
    answer(request, response, body);
  };
  const body = JSON.stringify({ query });
  const send = (signal?: AbortSignal) =>
    fetch(shop.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      ...(signal !== undefined && { signal }),
    });
  const [first, second] = [new AbortController(), new AbortController()];
  const gone = send(first.signal).catch(() => 'gone');
  await products.arrived(1);
  const others = [send(), send()];
  await areIn(3);
  first.abort();
  expect(await gone).toBe('gone');
  await shop.ask('{ latest { id } }');
  expect(ended).toBe(0);
  products.release();
  for (const response of await Promise.all(others)) expect(await response.json()).toEqual(held);
  expect(shop.products.asked).toHaveLength(1);

  const alone = send(second.signal).catch(() => 'gone');
  await products.arrived(1);
  second.abort();
  await waitFor(() => ended === 1, { timeoutMs: 10_000, what: 'the end of the fetch' });
  expect(await alone).toBe('gone');
  // who comes then begins anew
  const late = send();
  await products.arrived(2);
  products.release();
  expect(await (await late).json()).toEqual(held);
});

test('it is off by default', async () => {
  const plain = await openShop();
  await Promise.all(Array.from({ length: 4 }, () => plain.ask('{ whoami }')));
  expect(plain.products.asked).toHaveLength(4);
});
