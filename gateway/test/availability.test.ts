import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { closeShops, openShop, products, type Shop } from './shop.ts';
import { type Peer, startPeer } from './subgraph-peer.ts';

let shop: Shop;
let second: Peer;
beforeAll(async () => {
  second = await startPeer(products);
  shop = await openShop({ traffic: { ejectFor: '200ms' } });
});
afterAll(closeShops);

/** A gateway whose products subgraph has two copies. */
async function openWithCopies(): Promise<Shop & { readonly urlsFile: string }> {
  const urlsFile = join(shop.directory, 'urls.json');
  await writeFile(urlsFile, JSON.stringify({ products: [shop.products.url, second.url] }));
  const open = await openShop({
    traffic: { ejectFor: '200ms' },
    supergraph: { file: shop.supergraphFile, subgraphUrlsFile: urlsFile },
  });
  return { ...open, urlsFile };
}

let copies: Awaited<ReturnType<typeof openWithCopies>>;
beforeAll(async () => {
  copies = await openWithCopies();
});
beforeEach(() => {
  shop.products.answer = undefined;
  second.answer = undefined;
});

const QUERY = '{ products { id } }';

async function load(count: number, query = QUERY): Promise<number> {
  let failed = 0;
  const worker = async () => {
    for (let i = 0; i < count / 8; i += 1) {
      const { status, json } = await copies.ask(query);
      if (status !== 200 || json.errors !== undefined) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return failed;
}

test('calls are spread over the copies', async () => {
  const before = [shop.products.asked.length, second.asked.length];
  expect(await load(40)).toBe(0);
  expect([shop.products.asked.length, second.asked.length]).toEqual(before.map((count) => count + 20));
});

test('killing one of two copies under load, and starting it again, loses no query', async () => {
  const running = load(400);
  await waitFor(() => second.asked.length > 40, { timeoutMs: 5_000, what: 'load' });
  await second.kill();
  const dead = second.asked.length;
  await waitFor(() => shop.products.asked.length > 120, { timeoutMs: 5_000, what: 'load on the copy that is left' });
  await second.restart();
  expect(await running).toBe(0);
  expect(await load(80)).toBe(0);
  await waitFor(() => load(8).then(() => second.asked.length > dead), {
    timeoutMs: 5_000,
    what: 'the copy that came back',
  });
});

test('a mutation whose connection breaks is never sent twice', async () => {
  const seen: string[] = [];
  for (const [name, peer] of [
    ['first', shop.products],
    ['second', second],
  ] as const) {
    peer.answer = (request) => {
      seen.push(name);
      request.socket.resetAndDestroy();
    };
  }
  const { json } = await copies.ask('mutation { rename(id: "1", name: "x") { id } }');
  expect(json.errors).toMatchObject([{ path: ['rename'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }]);
  expect(seen).toHaveLength(1);
});

test('a query whose connection breaks is sent once more, to the other copy', async () => {
  const seen: string[] = [];
  for (const [name, peer] of [
    ['first', shop.products],
    ['second', second],
  ] as const) {
    peer.answer = (request) => {
      seen.push(name);
      request.socket.resetAndDestroy();
    };
  }
  const { json } = await copies.ask(QUERY);
  expect(json.errors).toMatchObject([{ extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }]);
  expect(seen.sort()).toEqual(['first', 'second']);
});

test('a mutation that certainly never arrived goes to the other copy', async () => {
  await second.kill();
  for (let i = 0; i < 4; i += 1) {
    const { json } = await copies.ask('mutation { rename(id: "1", name: "x") { name } }');
    expect(json).toEqual({ data: { rename: { name: 'x' } } });
  }
  await second.restart();
});

test('a copy that is stopping passes its queries on', async () => {
  second.answer = (_request, response) =>
    void response.writeHead(503, { 'content-type': 'application/json' }).end('{}');
  expect(await load(16)).toBe(0);
});

test('other addresses are taken from the file while the gateway runs, rubbish is refused', async () => {
  await writeFile(copies.urlsFile, JSON.stringify({ products: [second.url] }));
  await copies.gateway.reload();
  const before = shop.products.asked.length;
  expect(await load(16)).toBe(0);
  expect(shop.products.asked.length).toBe(before);
  await writeFile(copies.urlsFile, '{ "products": ["not an address"] }');
  await copies.gateway.reload();
  expect(await load(16)).toBe(0);
});
