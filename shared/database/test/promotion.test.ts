import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { testFleet, waitFor } from '@weft/testing';
import { type Fleet, idOf, migrate, type Opened, open, productById, shardMap, sqlOn } from './shop.ts';

/** One shard would do; the map of the shop has two. */
let fleet: Fleet;
let shop: Opened;
let other: Opened;
const id = idOf(1, 1);

const openShop = (): Opened => {
  const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
  const cache = createCache({ name: 'shop', maxBytes: 1_000_000, telemetry });
  return open(fleet, { telemetry, cache, maxLagMs: 1_000 });
};

const rename = (opened: Opened, name: string) =>
  opened.database.begin().write({
    at: { id },
    name: 'renameProduct',
    statement: (db) => db.updateTable('shop.product').set({ name }).where('id', '=', id).returning('name'),
    invalidates: [`Product:${id}`],
  });
const nameIn = async (opened: Opened): Promise<string | undefined> =>
  (await opened.database.begin().load(productById, id))?.name;

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-promotion', shards: shardMap.shards.length, replicas: 1 });
  await migrate(fleet);
  [shop, other] = [openShop(), openShop()];
  await shop.database.query('shard-1', `insert into shop.product values (${id}, 'sku', 'first', 1, 5)`);
});
afterAll(async () => {
  await Promise.all([shop?.database.stop(), other?.database.stop()]);
  await fleet?.stop();
});

test('a replica that is promoted is written to without a restart; the primary before it is not, also when it comes back', async () => {
  const [shard] = fleet.shards;
  const [replica] = shard?.replicas ?? [];
  if (shard === undefined || replica === undefined) throw new Error('no such server');
  const heard: string[] = [];
  other.database.onInvalidate((tags) => heard.push(...tags));
  await waitFor(() => shop.database.health().every(({ kind, lagMs }) => kind === 'primary' || lagMs === 0), {
    what: 'the replicas to follow',
  });
  await waitFor(async () => (await sqlOn(fleet, replica, 'select name from shop.product')).length === 1, {
    what: 'the row to arrive',
  });

  await fleet.kill(shard.primary);
  await expect(rename(shop, 'lost')).rejects.toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  expect(await nameIn(shop)).toBe('first');
  await sqlOn(fleet, replica, 'select pg_promote()');
  await waitFor(() => rename(shop, 'second'), { what: 'writes to work again', timeoutMs: 20_000 });
  expect(await nameIn(shop)).toBe('second');
  expect(await sqlOn(fleet, replica, 'select name from shop.product')).toEqual([{ name: 'second' }]);

  // Invalidations come from the new primary: the other process stores nothing that it could not be told of.
  await waitFor(
    async () => {
      await rename(shop, 'third');
      return heard.includes(`Product:${id}`);
    },
    { what: 'the other process to hear' },
  );
  expect(await nameIn(other)).toBe('third');
  expect(await nameIn(other)).toBe('third');
  await rename(shop, 'fourth');
  await waitFor(async () => (await nameIn(other)) === 'fourth', { what: 'the other process to forget' });

  // It takes writes, if anybody sent it some: nobody does.
  await fleet.start(shard.primary);
  const oldAddress = `${shard.primary.host}:${shard.primary.port}`;
  await waitFor(() => shop.database.health().some(({ server, up }) => server === oldAddress && up), {
    what: 'the old primary to be seen',
  });
  for (let round = 0; round < 20; round += 1) await rename(shop, `after ${round}`);
  expect(await nameIn(shop)).toBe('after 19');
  expect(await sqlOn(fleet, shard.primary, 'select name from shop.product')).toEqual([{ name: 'first' }]);
});
