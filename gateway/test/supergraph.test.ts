import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { createGateway, toGatewayConfig } from '../src/index.ts';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';

let shop: Shop;
let sdl: string;
beforeAll(async () => {
  // a swap takes long on a busy machine, and requests wait for it here
  shop = await openShop({ traffic: { timeout: '60s', operationTimeout: '60s' } });
  sdl = await readFile(shop.supergraphFile, 'utf8');
});
afterAll(closeShops);

/** The same graph with another description: another supergraph. */
const version = (n: number) => sdl.replace('type Query', `"""Version ${n}"""\ntype Query`);

/** As deployments do: a new file under the old name, never half a file. */
async function replaceFile(text: string): Promise<void> {
  const next = `${shop.supergraphFile}.next`;
  await writeFile(next, text);
  await rename(next, shop.supergraphFile);
}

async function metric(name: string): Promise<string> {
  return (await shop.gateway.telemetry.metricsText())
    .split('\n')
    .filter((line) => line.startsWith(name))
    .join('\n');
}

test('twenty swaps under load fail no request', async () => {
  let stop = false;
  const answers: number[] = [];
  const worker = async () => {
    while (!stop) {
      const { status, json } = await shop.ask('{ products { id ... on Book { rating } } }');
      answers.push(json.errors === undefined ? status : 0);
    }
  };
  const workers = Array.from({ length: 4 }, worker);
  const seen = new Set<string>();
  for (let n = 1; n <= 20; n += 1) {
    const before = shop.gateway.supergraph;
    await replaceFile(version(n));
    await waitFor(() => shop.gateway.supergraph !== before, { timeoutMs: 60_000, what: `swap ${n}` });
    seen.add(shop.gateway.supergraph);
  }
  stop = true;
  await Promise.all(workers);
  expect(seen.size).toBe(20);
  expect(answers.length).toBeGreaterThan(50);
  expect(answers.filter((status) => status !== 200)).toEqual([]);
  expect(await metric('gateway_supergraph_swaps_total{outcome="taken"}')).toMatch(/ 20$/);
});

test('an operation ends on the supergraph that admitted it', async () => {
  let release: (() => void) | undefined;
  shop.products.answer = (_request, response) => {
    release = () => sendJson(response, { data: { product: { __typename: 'Book', id: '1', name: 'Loom' } } });
  };
  const slow = shop.ask('{ product(id: "1") { name ... on Book { rating } } }');
  await waitFor(() => release !== undefined, { timeoutMs: 5_000, what: 'the fetch' });
  const before = shop.gateway.supergraph;
  // the next supergraph has no such field
  await replaceFile(sdl.replace(/\n\s*rating: Float[^\n]*/g, ''));
  await shop.gateway.reload();
  expect(shop.gateway.supergraph).not.toBe(before);
  shop.products.answer = undefined;
  expect((await shop.ask('{ product(id: "1") { ... on Book { rating } } }')).status).toBe(400);
  release?.();
  expect((await slow).json).toEqual({ data: { product: { name: 'Loom', rating: 1.5 } } });
  await replaceFile(sdl);
  await shop.gateway.reload();
});

test('a supergraph that cannot be served is refused, and the one before is served on', async () => {
  const served = shop.gateway.supergraph;
  for (const bad of ['', 'type Query {', sdl.slice(0, sdl.length / 2), 'type Query { a: Int }']) {
    await replaceFile(bad);
    await shop.gateway.reload();
    expect(shop.gateway.supergraph).toBe(served);
    expect((await shop.ask('{ products { id } }')).status).toBe(200);
  }
  expect(await metric('gateway_supergraph_swaps_total{outcome="refused"}')).toMatch(/ 4$/);
  await rm(shop.supergraphFile);
  await shop.gateway.reload();
  expect((await shop.ask('{ products { id } }')).status).toBe(200);
  await replaceFile(version(99));
  await waitFor(() => shop.gateway.supergraph !== served, { timeoutMs: 60_000, what: 'recovery' });
});

test('a supergraph that is missing or wrong at the start is told in one sentence', async () => {
  const open = (file: string) =>
    createGateway(toGatewayConfig({ supergraph: { file }, http: { port: 0 }, telemetry: { logLevel: 'silent' } }));
  const missing = join(shop.directory, 'none.graphql');
  await expect(open(missing)).rejects.toThrow(
    `The supergraph ${missing} (supergraph.file, WEFT_SUPERGRAPH_FILE) cannot be read: there is no such file.`,
  );
  const wrong = join(shop.directory, 'wrong.graphql');
  await writeFile(wrong, 'type Query {');
  await expect(open(wrong)).rejects.toThrow(
    /^.*wrong\.graphql: The supergraph cannot be loaded: it is not GraphQL at 1:/,
  );
});
