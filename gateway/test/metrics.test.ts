import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';

let directory: string;
let shop: Shop;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-operations-'));
  await writeFile(join(directory, 'known.graphql'), 'query Known { whoami } query Broken { whoami }');
  shop = await openShop({
    mode: 'production',
    telemetry: { logLevel: 'silent', metrics: { port: 0, operationsDirectory: directory } },
  });
});
afterAll(async () => {
  await closeShops();
  await rm(directory, { recursive: true });
});

/** Samples of one metric, as they stand in the text. */
async function samples(metric: string, of: Shop = shop): Promise<string[]> {
  const text = await (await fetch(of.gateway.service.metricsUrl ?? '')).text();
  return text.split('\n').filter((line) => line.startsWith(`${metric}{`));
}

test('metrics are not on the port of the clients in production', async () => {
  expect((await fetch(new URL('/metrics', shop.url))).status).toBe(404);
  const without = await openShop({ mode: 'production' });
  expect([without.gateway.service.metricsUrl, (await fetch(new URL('/metrics', without.url))).status]).toEqual([
    undefined,
    404,
  ]);
  const local = await openShop({ mode: 'development' });
  expect((await fetch(new URL('/metrics', local.url))).status).toBe(200);
});

test('errors are counted by code, the subgraph they came from and the operation', async () => {
  shop.reviews.answer = (_request, response) => void response.writeHead(500).end();
  await shop.ask('query Known { products { ... on Book { rating } } }');
  await shop.ask('query Known { product(id: "1") { ... on Book { rating } } latest { id } }');
  shop.reviews.answer = undefined;
  shop.products.answer = (_request, response) =>
    sendJson(response, {
      data: { _entities: [null, { __typename: 'Book', name: 'Weft' }] },
      errors: [{ message: 'x', path: ['_entities', 0] }],
    });
  await shop.ask('query Known { latest { book { name } } }');
  shop.products.answer = undefined;
  await shop.ask('query Known { nothing }');
  await shop.ask('query Known {');
  const counted = await samples('gateway_errors_total');
  expect(counted.map((line) => line.replace(/ \d+$/, '')).sort()).toEqual([
    'gateway_errors_total{code="DOWNSTREAM_SERVICE_ERROR",subgraph="products",operation="Known"}',
    'gateway_errors_total{code="GRAPHQL_PARSE_FAILED",subgraph="none",operation="anonymous"}',
    'gateway_errors_total{code="GRAPHQL_VALIDATION_FAILED",subgraph="none",operation="anonymous"}',
    'gateway_errors_total{code="NOT_FOUND",subgraph="none",operation="anonymous"}', // of the test before
    'gateway_errors_total{code="SUBREQUEST_HTTP_ERROR",subgraph="reviews",operation="Known"}',
  ]);
});

test('an answer of a subgraph with another status than 2xx is no success', async () => {
  const before = new Set(await samples('gateway_fetches_total'));
  const answer = (status: number) => {
    shop.products.answer = (_request, response) =>
      void response
        .writeHead(status, { 'content-type': 'application/json' })
        .end('{"errors":[{"message":"x","extensions":{"code":"DATABASE_BUSY"}}]}');
    return shop.ask('query Known { whoami }');
  };
  await answer(400);
  await answer(500);
  shop.products.answer = undefined;
  await shop.ask('query Known { whoami }');
  const after = (await samples('gateway_fetches_total')).filter((line) => !before.has(line));
  expect(after.filter((line) => !line.includes('outcome="ok"'))).toEqual([
    'gateway_fetches_total{subgraph="products",outcome="http_4xx"} 1',
    'gateway_fetches_total{subgraph="products",outcome="http_5xx"} 1',
  ]);
});

test('a stranger fills no labels: committed operations have theirs, others earn them by answers without a mistake', async () => {
  for (let n = 0; n < 300; n++) {
    const headers = { 'x-client-name': `made-${n}` };
    await shop.ask(`query Made${n} { __typename }`, { headers });
    if (n < 30) await shop.ask('query Often { __typename }', { headers: { 'x-client-name': 'shop' } });
    // a mistake of the client, under a status of success
    if (n < 30) await shop.ask('query Wrong { cheaper(than: "x") { id } }');
  }
  await shop.ask('query Broken { whoami }');
  const requests = await samples('gateway_requests_total');
  const label = (name: string) => new Set(requests.map((line) => new RegExp(`${name}="([^"]*)"`).exec(line)?.[1]));
  expect([...label('operation')].sort()).toEqual(['Broken', 'Known', 'Often', 'anonymous', 'other']);
  expect([...label('client')].sort()).toEqual(['anonymous', 'other', 'shop']);
});
