import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { hasRedis, type RedisServer, startRedis, testFleet, waitFor } from '@weft/testing';
import { type Fleet, idOf, migrate, type Opened, open, productById } from './shop.ts';

let fleet: Fleet;
let redis: RedisServer;
const opened: Opened[] = [];

/** A process of the subgraph, with a first level of its own and the second one of all. */
async function openProcess(): Promise<Opened> {
  const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
  const cache = createCache({ name: 'shop', maxBytes: 1_000_000, telemetry, redisUrl: redis.url, l2TimeoutMs: 500 });
  const shop = open(fleet, { telemetry, cache });
  opened.push({
    ...shop,
    database: { ...shop.database, stop: () => Promise.all([shop.database.stop(), cache.stop()]).then(() => {}) },
  });
  const heard: string[] = [];
  shop.database.onInvalidate((tags) => heard.push(...tags));
  await waitFor(
    async () => {
      await shop.database.transaction('shard-1', (tx) => tx.invalidate(['Mark:1']));
      return heard.length > 0;
    },
    { what: 'the process to listen' },
  );
  return shop;
}

const nameIn = async ({ database }: Opened, id: string): Promise<string | undefined> =>
  (await database.begin().load(productById, id))?.name;

const rename = ({ database }: Opened, id: string, name: string) =>
  database.begin().write({
    at: { id },
    name: 'rename',
    statement: (db) => db.updateTable('shop.product').set({ name }).where('id', '=', id).returning('id'),
    invalidates: [`Product:${id}`],
  });

const run = hasRedis() ? test : test.skip;

beforeAll(async () => {
  if (!hasRedis()) return;
  [fleet, redis] = await Promise.all([testFleet({ name: 'database-second-level', shards: 2 }), startRedis()]);
  await migrate(fleet);
});
afterAll(async () => {
  await Promise.all(opened.map(({ database }) => database.stop()));
  await fleet?.stop();
  await redis?.stop();
});

run(
  'a process finds what another one read, sees what another one wrote, and misses nothing when Redis dies',
  async () => {
    const id = idOf(7, 1);
    const [one, two] = [await openProcess(), await openProcess()];
    await one.database.query('shard-1', `insert into shop.product values (${id}, 'sku', 'first', 1, 5)`);
    expect(await nameIn(one, id)).toBe('first');
    two.statements();
    await waitFor(
      async () => {
        const other = await openProcess();
        other.statements();
        return (await nameIn(other, id)) === 'first' && other.statements().length === 0;
      },
      { what: 'a row to be found in Redis' },
    );

    expect(await nameIn(two, id)).toBe('first');
    await rename(one, id, 'second');
    expect(await nameIn(one, id)).toBe('second');
    await waitFor(async () => (await nameIn(two, id)) === 'second', { what: 'the write to be seen' });
    expect(await nameIn(await openProcess(), id)).toBe('second');

    await redis.kill();
    await rename(one, id, 'third');
    expect(await nameIn(one, id)).toBe('third');
    await waitFor(async () => (await nameIn(two, id)) === 'third', { what: 'the write to be seen without Redis' });
    await redis.start();
    await rename(two, id, 'fourth');
    await waitFor(async () => (await nameIn(one, id)) === 'fourth', { what: 'the write to be seen' });
    expect(await nameIn(two, id)).toBe('fourth');
  },
);
