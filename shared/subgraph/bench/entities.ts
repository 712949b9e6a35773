/**
 * CPU of the server for one `_entities` request of 100 representations with 7 fields, over HTTP, resolvers without I/O:
 * what the way through a subgraph costs, without its database. The variants run in processes of their own and take
 * turns, so that the noise of the machine hits all of them.
 *
 *   node --conditions=weft-source shared/subgraph/bench/entities.ts [requests per turn] [turns]
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createSubgraphCaller } from '../src/index.ts';
import { SECRET } from './secret.ts';

const VARIANTS = ['standalone', 'standalone-plugins-off', 'weft'] as const;
type Variant = (typeof VARIANTS)[number];
type FromServer = { readonly url: string } | { readonly cpuMicroseconds: number };

const [requests = 400, turns = 4] = process.argv.slice(2).map(Number);
const CONCURRENCY = 8;
const query = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Product { id sku name description price weight inStock } }
}`;
const representations = Array.from({ length: 100 }, (_, n) => ({ __typename: 'Product', id: String(n + 1) }));

async function startServer(variant: Variant) {
  const child = fork(fileURLToPath(new URL('entities-server.ts', import.meta.url)), [variant]);
  const next = () =>
    new Promise<FromServer>((resolve) => child.once('message', (message: FromServer) => resolve(message)));
  const first = await next();
  const call = createSubgraphCaller({ subgraph: 'products', url: 'url' in first ? first.url : '', secrets: [SECRET] });
  const cpu = async () => {
    const answer = next();
    child.send('cpu');
    const message = await answer;
    return 'cpuMicroseconds' in message ? message.cpuMicroseconds : 0;
  };
  const run = async (count: number) => {
    let left = count;
    const lane = async () => {
      while (left-- > 0) {
        const { data } = await call({ query, variables: { representations } });
        if ((data?._entities as unknown[] | undefined)?.length !== 100) throw new Error(`${variant} answered wrongly`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  };
  await run(200); // the compiler of V8 settles
  return { variant, cpu, run, stop: () => child.kill() };
}

const servers = await Promise.all(VARIANTS.map(startServer));
const perRequest = new Map<Variant, number[]>(VARIANTS.map((variant) => [variant, []]));
for (let turn = 0; turn < turns; turn++) {
  for (const { variant, cpu, run } of servers) {
    const before = await cpu();
    await run(requests);
    perRequest.get(variant)?.push(((await cpu()) - before) / requests);
  }
}
const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const base = median(perRequest.get('standalone') ?? []);
for (const [variant, values] of perRequest) {
  const value = median(values);
  console.log(`${variant.padEnd(24)} ${value.toFixed(0).padStart(6)} us CPU a request   ${(value / base).toFixed(2)}x`);
}
for (const { stop } of servers) stop();
