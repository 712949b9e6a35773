import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { testFleet, waitFor } from '@weft/testing';
import { type Fleet, idOf, migrate, type Opened, open, productById, sqlOn } from './shop.ts';

const STATEMENT_TIMEOUT_MS = 400;
const MAX_LAG_MS = 1_000;
/** A probe, its answer and the connection anew, on a busy machine. */
const LITTLE_MS = 1_500;

let fleet: Fleet;
let shop: Opened;
const [onFirst, onSecond] = [idOf(1, 1), idOf(1_000, 1)];

const shardOf = (index: number): Fleet['shards'][number] => {
  const shard = fleet.shards[index];
  if (shard === undefined) throw new Error('no such shard');
  return shard;
};
const replicaOf = (index: number): Fleet['servers'][number] => {
  const [replica] = shardOf(index).replicas;
  if (replica === undefined) throw new Error('no such replica');
  return replica;
};
const bothOf = (index: number) => [shardOf(index).primary, replicaOf(index)];

const openShop = (): Opened => {
  const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
  const cache = createCache({ name: 'shop', maxBytes: 1_000_000, telemetry });
  return open(fleet, { telemetry, cache, statementTimeoutMs: STATEMENT_TIMEOUT_MS, maxLagMs: MAX_LAG_MS });
};

/** Products of both shards in one request, past the cache. */
async function loadBoth(
  opened = shop,
): Promise<[PromiseSettledResult<unknown>, PromiseSettledResult<unknown>, number]> {
  const session = opened.database.begin();
  const startedAt = Date.now();
  const load = (id: string) =>
    session.read({
      at: { id },
      name: 'productName',
      statement: (db) => db.selectFrom('shop.product').select(['id', 'name']).where('id', '=', id),
    });
  const [first, second] = await Promise.allSettled([load(onFirst), load(onSecond)]);
  return [first, second, Date.now() - startedAt];
}

const isUnavailable = { status: 'rejected', reason: { code: 'SHARD_UNAVAILABLE', log: { shard: 'shard-1' } } };
const isWell = { status: 'fulfilled', value: [{ name: 'there' }] };

const serversUsed = async (opened = shop): Promise<string[]> => {
  opened.statements();
  await loadBoth(opened);
  return opened
    .statements()
    .map(({ shard, server }) => `${shard} ${server}`)
    .sort();
};

const allWell = (opened = shop): Promise<unknown> =>
  waitFor(async () => String(await serversUsed(opened)) === 'shard-1 replica,shard-2 replica', {
    what: 'reads from both replicas',
    timeoutMs: 20_000,
  });

const rename = (opened: Opened, name: string) =>
  opened.database.begin().write({
    at: { id: onFirst },
    name: 'renameProduct',
    statement: (db) => db.updateTable('shop.product').set({ name }).where('id', '=', onFirst).returning('name'),
    invalidates: [`Product:${onFirst}`],
  });

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-faults', shards: 2, replicas: 1 });
  await migrate(fleet);
  shop = openShop();
  for (const [shard, id] of [
    ['shard-1', onFirst],
    ['shard-2', onSecond],
  ] as const) {
    await shop.database.query(shard, `insert into shop.product values (${id}, 'sku', 'there', 1, 5)`);
  }
});
beforeEach(() => allWell());
afterAll(async () => {
  await shop?.database.stop();
  await fleet?.stop();
});

test('reads use the replicas, writes the primary', async () => {
  expect(await serversUsed()).toEqual(['shard-1 replica', 'shard-2 replica']);
  expect(shop.database.health().filter(({ kind, lagMs }) => kind === 'replica' && lagMs === 0)).toHaveLength(2);
  await rename(shop, 'there');
  expect(shop.statements()).toMatchObject([{ server: 'primary' }]);
});

test('a hung shard fails its own keys within the statement timeout, then at once, and recovers by itself', async () => {
  for (const server of bothOf(0)) await fleet.pause(server);
  try {
    const rounds = [await loadBoth(), await loadBoth(), await loadBoth()];
    for (const [first, second, ms] of rounds) {
      expect(first).toMatchObject(isUnavailable);
      expect(second).toMatchObject(isWell);
      expect(ms).toBeLessThan(2 * STATEMENT_TIMEOUT_MS + LITTLE_MS);
    }
    await waitFor(async () => (await loadBoth())[2] < 50, { what: 'the breaker to open' });
  } finally {
    for (const server of bothOf(0)) await fleet.resume(server);
  }
  await allWell();
});

test('a killed shard fails its own keys at once, and is used again when it is back', async () => {
  for (const server of bothOf(0)) await fleet.kill(server);
  const [first, second, ms] = await loadBoth();
  expect(first).toMatchObject(isUnavailable);
  expect(second).toMatchObject(isWell);
  expect(ms).toBeLessThan(LITTLE_MS);
  for (const server of bothOf(0)) await fleet.start(server);
  await allWell();
});

test('a dead replica loses no read: the primary answers until it is back', async () => {
  const lagSeries = async (): Promise<number> =>
    (await shop.telemetry.metricsText()).match(/^database_replica_lag_seconds\{/gm)?.length ?? 0;
  expect(await lagSeries()).toBe(2);
  await fleet.kill(replicaOf(0));
  for (let round = 0; round < 20; round += 1) {
    expect((await loadBoth()).slice(0, 2)).toMatchObject([isWell, isWell]);
  }
  expect(await serversUsed()).toEqual(['shard-1 primary', 'shard-2 replica']);
  // Nothing is known of its lag any more: the last value would be told for ever.
  await waitFor(async () => (await lagSeries()) === 1, { what: 'the lag to be forgotten', timeoutMs: 10_000 });
  await fleet.start(replicaOf(0));
  await allWell();
});

test('a hung replica loses no read', async () => {
  const patient = open(fleet, { maxLagMs: MAX_LAG_MS });
  try {
    await allWell(patient);
    await fleet.pause(replicaOf(0));
    expect((await loadBoth(patient)).slice(0, 2)).toMatchObject([isWell, isWell]);
    expect(await serversUsed(patient)).toEqual(['shard-1 primary', 'shard-2 replica']);
  } finally {
    await fleet.resume(replicaOf(0));
    await patient.database.stop();
  }
});

test('without its primary a shard is still read, and its writes fail', async () => {
  await fleet.kill(shardOf(0).primary);
  await expect(rename(shop, 'lost')).rejects.toMatchObject({ code: 'SHARD_UNAVAILABLE' });
  expect((await loadBoth()).slice(0, 2)).toMatchObject([isWell, isWell]);
  expect(await serversUsed()).toEqual(['shard-1 replica', 'shard-2 replica']);
  await fleet.start(shardOf(0).primary);
  await waitFor(() => rename(shop, 'there'), { what: 'writes to work again', timeoutMs: 20_000 });
});

test('a replica that lags too far is left out, and comes back when it has caught up', async () => {
  const replica = replicaOf(0);
  await sqlOn(fleet, replica, 'select pg_wal_replay_pause()');
  try {
    await rename(shop, 'there');
    await waitFor(async () => String(await serversUsed()) === 'shard-1 primary,shard-2 replica', {
      what: 'the replica to be left out',
    });
    const lag = shop.database.health().find(({ server }) => server.endsWith(`:${replica.port}`))?.lagMs;
    expect(lag).toBeGreaterThan(MAX_LAG_MS);
    expect(lag).toBeLessThan(MAX_LAG_MS + 10_000);
  } finally {
    await sqlOn(fleet, replica, 'select pg_wal_replay_resume()');
  }
  await allWell();
});

test('with a replica that lags, the writer reads its write, and so does every process for what was invalidated', async () => {
  const other = openShop();
  const replica = replicaOf(0);
  try {
    await allWell(other);
    const heard: string[] = [];
    other.database.onInvalidate((tags) => heard.push(...tags));
    await sqlOn(fleet, replica, 'select pg_wal_replay_pause()');
    const session = shop.database.begin();
    await session.load(productById, onFirst);
    await session.write({
      at: { id: onFirst },
      name: 'renameProduct',
      statement: (db) =>
        db.updateTable('shop.product').set({ name: 'new' }).where('id', '=', onFirst).returning('name'),
      invalidates: [`Product:${onFirst}`],
    });
    // The replica has the old row, and both processes still read from it.
    expect(await sqlOn(fleet, replica, `select name from shop.product where id = ${onFirst}`)).toEqual([
      { name: 'there' },
    ]);
    expect(await session.load(productById, onFirst)).toMatchObject({ name: 'new' });
    expect(await shop.database.begin().load(productById, onFirst)).toMatchObject({ name: 'new' });
    // Also what was not invalidated: the session goes by the shard that it wrote to.
    const update = (body: string) =>
      session.write({
        at: { id: onFirst },
        name: 'setSku',
        statement: (db) => db.updateTable('shop.product').set({ sku: body }).where('id', '=', onFirst).returning('sku'),
      });
    await update('new-sku');
    const read = session.read({
      at: { id: onFirst },
      name: 'sku',
      statement: (db) => db.selectFrom('shop.product').select('sku').where('id', '=', onFirst),
    });
    expect(await read).toEqual([{ sku: 'new-sku' }]);
    await waitFor(() => heard.length > 0, { what: 'the other process to hear' });
    expect(await other.database.begin().load(productById, onFirst)).toMatchObject({ name: 'new' });
  } finally {
    await sqlOn(fleet, replica, 'select pg_wal_replay_resume()');
    await rename(shop, 'there');
    await other.database.stop();
  }
});
