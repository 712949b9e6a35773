import { readShardMap } from '@weft/database';
import pg from 'pg';
import { SHARD_MAP_FILE } from '../../src/data/clone.ts';
import { seed } from '../../src/seed/seed.ts';

/** Seeds at the scale of argv[2] the databases of argv[3] (JSON: shard to URL) and prints the most memory in use at once, in MiB. */
const [, , scale, urls] = process.argv;
let peak = 0;
const urlOfShard = JSON.parse(urls ?? '{}') as Record<string, string>;

await seed({
  shardMap: readShardMap(SHARD_MAP_FILE),
  scale: Number(scale),
  connect: async (shard) => {
    const client = new pg.Client(urlOfShard[shard] ?? '');
    await client.connect();
    return client;
  },
  onProgress: () => {
    globalThis.gc?.(); // garbage does not count
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  },
});
console.log((peak / 2 ** 20).toFixed(1));
