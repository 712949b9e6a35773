import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrateSubgraph, parseShardMap } from '@weft/database';
import { testFleet } from '@weft/testing';
import { SHARD_MAP_FILE } from '../src/data/clone.ts';
import { recordedShardMap, takeShardMap } from '../src/data/shard-map.ts';

const mapOf = (version: number, shards: string) =>
  parseShardMap(`version: ${version}\nbuckets: 1024\nshards:\n${shards}`);
const BEFORE = mapOf(1, '  - { name: shard-1, buckets: 0-511 }\n  - { name: shard-2, buckets: 512-1023 }\n');
const MOVED = mapOf(2, '  - { name: shard-1, buckets: 0-499 }\n  - { name: shard-2, buckets: 500-1023 }\n');

let fleet: Awaited<ReturnType<typeof testFleet>>;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-shard-map-'));
  fleet = await testFleet({ name: 'local-shard-map', shards: 2 });
});
afterAll(async () => {
  await fleet?.stop();
  await rm(directory, { recursive: true, force: true });
});

test('the first start copies the map of the clone, a later one keeps what is there', async () => {
  const file = join(directory, 'shard-map.yaml');
  const first = await takeShardMap(directory, file);
  expect([first.text, await readFile(file, 'utf8')]).toEqual(Array(2).fill(await readFile(SHARD_MAP_FILE, 'utf8')));
  await writeFile(file, MOVED.text);
  expect((await takeShardMap(directory, file)).text).toBe(MOVED.text);
});

test('a map that the shards have and the file does not yet is taken, and written to the file', async () => {
  const file = join(directory, 'older.yaml');
  await writeFile(file, BEFORE.text);
  // Shards that nobody migrated have recorded none.
  expect(await recordedShardMap(file, BEFORE, fleet)).toBe(BEFORE);
  const passwords = { owner: 'owner-password', runtime: 'runtime-password' };
  const { addresses, superuser } = fleet;
  await migrateSubgraph({ subgraph: 'shop', migrations: [], addresses, superuser, passwords, shardMap: MOVED });
  expect((await recordedShardMap(file, BEFORE, fleet)).text).toBe(MOVED.text);
  expect(await readFile(file, 'utf8')).toBe(MOVED.text);
});
