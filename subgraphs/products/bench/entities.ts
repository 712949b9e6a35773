/**
 * CPU of the products subgraph for one `_entities` request of 100 products with 7 fields over HTTP: rows from Postgres
 * (a cache of nearly no bytes) against rows from the process's cache. The server is a process of its own; the two take
 * turns.
 *
 *   node --conditions=weft-source subgraphs/products/bench/entities.ts [requests per turn] [turns]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSubgraphCaller, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import { subgraph } from '../src/index.ts';
import { aProduct, BUCKET_OF, productId, stockShelves } from '../test/shop.ts';

const [requests = 200, turns = 5] = process.argv.slice(2).map(Number);
const buckets = Object.values(BUCKET_OF);
const fleet = await testFleet({ name: 'products-bench' });
const seeding = await startOnFleet(subgraph, fleet);
const products = Array.from({ length: 100 }, (_, n) => aProduct(productId(buckets[n % 3] ?? 0, n + 1)));
await stockShelves(seeding, products);

const query = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { id sku name description price weight parcelClass } }
}`;
const variables = { representations: products.map(({ id }) => ({ __typename: 'Product', id })) };

async function startServer(name: string, cacheSize: string) {
  const env = { ...seeding.environment, WEFT_MODE: 'production', WEFT_CACHE_SIZE: cacheSize };
  const main = fileURLToPath(new URL('server.ts', import.meta.url));
  const child = fork(main, { env });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const call = createSubgraphCaller({ subgraph: 'products', url, secrets: [seeding.secret] });
  const cpu = async () => {
    const answer = once(child, 'message') as Promise<[{ cpuMicroseconds: number }]>;
    child.send('cpu');
    return (await answer)[0].cpuMicroseconds;
  };
  const run = async (count: number) => {
    let left = count;
    const lane = async () => {
      while (left-- > 0) if ((await call({ query, variables })).errors.length > 0) throw new Error('answered wrongly');
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  };
  await run(200);
  return { name, cpu, run, child, values: [] as number[] };
}

const servers = [await startServer('rows from Postgres', '1KiB'), await startServer('rows from the cache', '64MiB')];
for (let turn = 0; turn < turns; turn++) {
  for (const { cpu, run, values } of servers) {
    const before = await cpu();
    await run(requests);
    values.push(((await cpu()) - before) / requests);
  }
}
for (const { name, values, child } of servers) {
  const median = values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  console.log(`${name.padEnd(20)} ${median.toFixed(0).padStart(6)} us CPU of the subgraph a request of 100 entities`);
  child.kill();
}
await seeding.stop();
await fleet.stop();
