import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isAlive } from '@weft/postgres';
import { testFleet } from './test-fleet.ts';

test('a fleet for a test runs on ports of its own, and after the test nothing of it is left', async () => {
  const [one, other] = await Promise.all([
    testFleet({ name: 'one', shards: 1, replicas: 1 }),
    testFleet({ name: 'other', shards: 2 }),
  ]);
  const fleets = [one, other];
  const servers = fleets.flatMap((fleet) => fleet.servers);
  expect(servers.map(({ name }) => name)).toEqual(['shard-1', 'shard-1-replica-1', 'shard-1', 'shard-2']);
  expect(new Set(servers.map(({ port }) => port)).size).toBe(4);
  const pids = servers.map(({ pid }) => pid);
  expect(pids.every(isAlive)).toBe(true);

  await Promise.all(fleets.map((fleet) => fleet.stop()));
  expect(pids.some(isAlive)).toBe(false);
  expect(fleets.map(({ directory }) => existsSync(directory))).toEqual([false, false]);
});
