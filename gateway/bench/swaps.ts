/**
 * Memory over many swaps of the supergraph, with operations in use: `node --conditions=weft-source gateway/bench/swaps.ts
 * [swaps] [engine]`. Prints the heap after garbage collection and the resident set; flat means that generations are freed.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { GatewayConfigInput } from '../src/index.ts';
import { closeShops, openShop } from '../test/shop.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;
const swaps = Number(process.argv[2] ?? 500);
const engine = (process.argv[3] ?? 'weft') as NonNullable<GatewayConfigInput['engine']>;
const shop = await openShop({ engine });
const sdl = await readFile(shop.supergraphFile, 'utf8');
const MIB = 1024 * 1024;

async function report(done: number): Promise<void> {
  // a generation stops when its last answer is written, a thread some time after it was told to
  // and compiled code is dropped only when it was found unused several times
  for (let round = 0; round < 6; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    gc();
  }
  const { heapUsed, rss } = process.memoryUsage();
  console.log(`${done} swaps: heap ${(heapUsed / MIB).toFixed(1)} MiB, resident ${(rss / MIB).toFixed(0)} MiB`);
}

let slowest = 0;
for (let done = 0; done <= swaps; done += 1) {
  if (done % Math.max(1, Math.floor(swaps / 10)) === 0) await report(done);
  for (const query of ['{ products { id ... on Book { rating } } }', '{ latest { body book { name } } }']) {
    const { json } = await shop.ask(query);
    if (json.errors !== undefined) throw new Error(JSON.stringify(json.errors));
  }
  await writeFile(`${shop.supergraphFile}.next`, sdl.replace('type Query', `"""Version ${done}"""\ntype Query`));
  await rename(`${shop.supergraphFile}.next`, shop.supergraphFile);
  const started = performance.now();
  await shop.gateway.reload();
  slowest = Math.max(slowest, performance.now() - started);
}
console.log(`the slowest swap took ${slowest.toFixed(0)} ms`);
await closeShops();
