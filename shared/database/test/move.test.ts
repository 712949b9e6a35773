import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { bucketOfId, bucketOfText } from '@weft/ids';
import { createTelemetry } from '@weft/telemetry';
import { testFleet } from '@weft/testing';
import { Client } from 'pg';
import {
  bucketsOfShard,
  type MoveOptions,
  moveBuckets,
  parseBuckets,
  planMove,
  type ShardedTables,
  type ShardMap,
  type WriteToken,
} from '../src/index.ts';
import {
  type Fleet,
  idOf,
  migrate,
  type Opened,
  open,
  productById,
  productIdBySku,
  runtimePassword,
  shardMap,
  sqlOn,
} from './shop.ts';

const sharded: ShardedTables = {
  tables: [
    { table: 'shop.product', column: 'id', kind: 'id' },
    { table: 'shop.review', column: 'id', kind: 'id' },
    { table: 'shop.photo', column: 'product_id', kind: 'id' },
    { table: 'shop.sku_lookup', column: 'sku', kind: 'text' },
  ],
  reference: ['shop.category'],
};
const PRODUCTS = 400;
const MOVED = '100-299, 400';

let fleet: Fleet;
let map: ShardMap = shardMap;
/** Two processes with caches of their own. */
let opened: Opened[] = [];
const products = Array.from({ length: PRODUCTS }, (_, n) => ({ id: idOf((n * 7) % 512, n), sku: `sku ${n} 🧵` }));

const optionsFor = (buckets: string, to: string): MoveOptions => ({
  addresses: fleet.addresses,
  superuser: fleet.superuser,
  shardMap: map,
  sharded,
  buckets: parseBuckets(buckets),
  to,
  settleMs: 500,
  onProgress: () => {},
  onMap: async (next) => {
    map = next;
  },
});

const openShop = (): Opened => {
  const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
  return open(fleet, { telemetry, cache: createCache({ name: 'shop', maxBytes: 1_000_000, telemetry }) });
};

/** What each shard has, and whether the map says that it should. */
async function ownership(): Promise<Record<string, { own: number; foreign: number; sum: number }>> {
  const found: Record<string, { own: number; foreign: number; sum: number }> = {};
  for (const { name, primary } of fleet.shards) {
    const own = `weft.bucket_of_id(id) = any('{${bucketsOfShard(map, name).join(',')}}'::integer[])`;
    const [row] = await sqlOn(
      fleet,
      primary,
      `select count(*) filter (where ${own})::int4 as own, count(*) filter (where not ${own})::int4 as foreign,
         coalesce(sum(price_minor) filter (where ${own}), 0)::int4 as sum from shop.product`,
    );
    found[name] = row as { own: number; foreign: number; sum: number };
  }
  return found;
}

async function runtimeClient({ shards: [shard] }: Fleet): Promise<Client> {
  const { host = '', port = 0 } = shard?.primary ?? {};
  const client = new Client({ host, port, database: 'weft', user: 'shop_runtime', password: runtimePassword });
  await client.connect();
  return client;
}

const total = (found: Awaited<ReturnType<typeof ownership>>, field: 'own' | 'foreign' | 'sum'): number =>
  Object.values(found).reduce((sum, shard) => sum + shard[field], 0);

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-move', shards: 2, replicas: 1 });
  await migrate(fleet);
  for (const replica of fleet.shards.flatMap(({ replicas }) => replicas)) {
    await sqlOn(fleet, replica, `alter system set recovery_min_apply_delay = '300ms'`);
    await sqlOn(fleet, replica, 'select pg_reload_conf()');
  }
  opened = [openShop(), openShop()];
  for (const { name, primary } of fleet.shards) {
    const mine = products.filter(({ id }) => opened[0]?.database.shardOf({ id }) === name);
    const skus = products.filter(({ sku }) => opened[0]?.database.shardOf({ text: sku }) === name);
    const values = mine.map(({ id, sku }) => `(${id}, '${sku}', 'P', 1, 0)`);
    if (values.length > 0) await sqlOn(fleet, primary, `insert into shop.product values ${values.join(',')}`);
    await sqlOn(
      fleet,
      primary,
      `insert into shop.sku_lookup values ${skus.map((one) => `('${one.sku}', ${one.id})`).join(',')}`,
    );
  }
});
afterAll(async () => {
  await Promise.all(opened.map(({ database }) => database.stop()));
  await fleet?.stop();
});

test('the buckets of SQL are those of ids and texts', async () => {
  const [shard] = fleet.shards;
  if (shard === undefined) throw new Error('no shard');
  const texts = ['', 'a', 'plain', 'ünïcödé', '🧵', 'a🧵b', 'x'.repeat(300), ...products.map(({ sku }) => sku)];
  const list = texts.map((text) => `('${text}')`).join(',');
  const rows = await sqlOn(fleet, shard.primary, `select weft.bucket_of_text(t) as bucket from (values ${list}) v(t)`);
  expect(rows.map(({ bucket }) => bucket)).toEqual(texts.map(bucketOfText));
});

test('a plan says what would be moved and what is in the way, and changes nothing', async () => {
  const plan = await planMove(optionsFor(MOVED, 'shard-2'));
  const moved = products.filter(({ id }) => parseBuckets(MOVED).includes(bucketOfId(id)));
  expect(plan).toMatchObject({ source: 'shard-1', target: 'shard-2', problems: [] });
  expect(plan.tables[0]).toMatchObject({ table: 'shop.product', rows: moved.length });
  expect(plan.freeBytes).toBeGreaterThan(0);
  const incomplete = { ...optionsFor(MOVED, 'shard-2'), sharded: { ...sharded, tables: sharded.tables.slice(1) } };
  expect((await planMove(incomplete)).problems).toEqual([expect.stringContaining('shop.product: the file of sharded')]);
  const first = fleet.shards[0]?.primary;
  if (first === undefined) throw new Error('no shard');
  await sqlOn(fleet, first, `select pg_create_physical_replication_slot('taken_' || n) from generate_series(1, 5) n`);
  const full = await planMove(optionsFor(MOVED, 'shard-2'));
  await sqlOn(fleet, first, `select pg_drop_replication_slot('taken_' || n) from generate_series(1, 5) n`);
  expect(full.problems).toEqual([expect.stringContaining('2 replication slots are free, 3 are needed')]);
  const wrong = {
    ...sharded,
    tables: [...sharded.tables.slice(1), { table: 'shop.product', column: 'sku', kind: 'text' as const }],
  };
  expect((await planMove({ ...optionsFor(MOVED, 'shard-2'), sharded: wrong })).problems).toContainEqual(
    expect.stringContaining('by its column sku'),
  );
  await expect(planMove(optionsFor('500-520', 'shard-2'))).rejects.toThrow('lie on shard-1 and shard-2');
  await expect(planMove(optionsFor('600', 'shard-2'))).rejects.toThrow('lie on shard-2 already');
  await expect(planMove(optionsFor('6', 'shard-9'))).rejects.toThrow('weft shard add');
});

test('buckets move there and back under load: no write is lost or done twice, and no reader with its token is behind', async () => {
  const [writing, reading] = opened;
  if (writing === undefined || reading === undefined) throw new Error('not open');
  const seen = new Map<string, { price: number; tokens: readonly WriteToken[] }>();
  let running = true;
  let written = 0;
  let reads = 0;
  const failures: unknown[] = [];
  const pick = () => products[Math.floor(Math.random() * PRODUCTS)] as (typeof products)[number];
  const write = async (): Promise<void> => {
    while (running) {
      const { id } = pick();
      const session = writing.database.begin();
      const [row] = await session.write({
        at: { id },
        name: 'raisePrice',
        statement: (db) =>
          db
            .updateTable('shop.product')
            .set((eb) => ({ price_minor: eb('price_minor', '+', '1') }))
            .where('id', '=', id)
            .returning('price_minor'),
        invalidates: [`Product:${id}`],
      });
      if (row === undefined) failures.push(`no row for ${id}`);
      written += 1;
      const price = Number(row?.price_minor);
      if (price > (seen.get(id)?.price ?? 0)) seen.set(id, { price, tokens: session.tokens() });
    }
  };
  const read = async (): Promise<void> => {
    while (running) {
      const { id, sku } = pick();
      const before = seen.get(id);
      const session = reading.database.begin({ tokens: before?.tokens ?? [] });
      const [row, lookup] = await Promise.all([session.load(productById, id), session.load(productIdBySku, sku)]);
      if (Number(row?.price_minor) < (before?.price ?? 0) || row === null) failures.push({ id, row, before });
      if (lookup?.product_id !== id) failures.push({ sku, lookup });
      reads += 1;
    }
  };
  /** Without a token: behind, perhaps, by what replicas lag; never without the row. */
  const readAnywhere = async (): Promise<void> => {
    while (running) {
      const { id } = pick();
      const rows = await reading.database.begin().read({
        at: { id },
        name: 'anyPrice',
        statement: (db) => db.selectFrom('shop.product').select('price_minor').where('id', '=', id),
      });
      if (rows.length !== 1) failures.push(`no row anywhere for ${id}`);
    }
  };
  let refused = 0;
  /** Somebody who knows of no map and writes where the rows were. */
  const stray = async (): Promise<void> => {
    const moved = products.filter(({ id }) => parseBuckets(MOVED).includes(bucketOfId(id)));
    const client = await runtimeClient(fleet);
    try {
      while (running) {
        const { id } = moved[Math.floor(Math.random() * moved.length)] ?? { id: '' };
        const raise = 'update shop.product set price_minor = price_minor + 1 where id = $1';
        await client.query(raise, [id]).then(
          ({ rowCount }) => {
            written += rowCount ?? 0;
          },
          (error: { code?: string }) => {
            if (error.code === 'WF001') refused += 1;
            else failures.push(error);
          },
        );
      }
    } finally {
      await client.end();
    }
  };
  const guard = (work: Promise<void>): Promise<void> => work.catch((error: unknown) => void failures.push(error));
  const load = [write, write, write, read, read, readAnywhere, readAnywhere, stray].map((work) => guard(work()));
  const pauses: (number | undefined)[] = [];
  try {
    const there = await moveBuckets(optionsFor(MOVED, 'shard-2'));
    expect(there.map.version).toBe(shardMap.version + 1);
    pauses.push(there.pauseMs);
    // Its replica is behind by what it always is, and the rows came a moment ago.
    const asked = reading.statements().length;
    await reading.database.begin().read({
      at: { bucket: 400 },
      name: 'afterMove',
      statement: (db) => db.selectFrom('shop.product').select('id').where('id', '=', '1'),
    });
    expect(asked).toBeGreaterThan(0);
    expect(reading.statements().find(({ loader }) => loader === 'afterMove')).toMatchObject({
      shard: 'shard-2',
      server: 'primary',
    });
    const back = await moveBuckets(optionsFor('150-200', 'shard-1'));
    pauses.push(back.pauseMs);
  } finally {
    running = false;
    await Promise.all(load);
  }
  expect(failures).toEqual([]);
  expect(reads).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(0);
  const found = await ownership();
  expect([total(found, 'own'), total(found, 'foreign'), total(found, 'sum')]).toEqual([PRODUCTS, 0, written]);
  const skus = await Promise.all(
    fleet.shards.map(({ primary }) => sqlOn(fleet, primary, 'select sku from shop.sku_lookup')),
  );
  expect(
    skus
      .flat()
      .map(({ sku }) => sku)
      .sort(),
  ).toEqual(products.map(({ sku }) => sku).sort());
  expect(map.version).toBe(shardMap.version + 2);
  for (const { database } of opened) expect(database.shardOf({ bucket: 400 })).toBe('shard-2');
  process.stderr.write(
    `${written} writes, ${reads} reads, pauses ${pauses.map((ms) => `${Math.round(ms ?? 0)} ms`).join(', ')}\n`,
  );
  // Nothing of it stays: no fence, slot, publication or subscription.
  for (const { primary } of fleet.shards) {
    expect(
      await sqlOn(
        fleet,
        primary,
        `select (select count(*)::int4 from weft.fence) + (select count(*)::int4 from weft.move) + (select count(*)::int4 from pg_subscription)
           + (select count(*)::int4 from pg_publication) + (select count(*)::int4 from pg_trigger where tgname = 'weft_fence')
           + (select count(*)::int4 from pg_replication_slots where slot_type = 'logical') as left`,
      ),
    ).toEqual([{ left: 0 }]);
  }
});

test('events that wait on the source are done there before its rows go', async () => {
  const first = fleet.shards[0]?.primary;
  const [about] = products.filter(({ id }) => map.shardOfBucket(bucketOfId(id)) === 'shard-1');
  if (first === undefined || about === undefined) throw new Error('no shard');
  const bucket = bucketOfId(about.id);
  const emit = (id: string) =>
    sqlOn(fleet, first, `insert into shop.outbox (topic, payload) values ('changed', '{"product": {"id": "${id}"}}')`);
  await emit(about.id);
  // Nothing that this move is about.
  await emit(idOf(bucket === 511 ? 510 : 511, 1));
  const said: string[] = [];
  const onProgress = (text: string): void => {
    said.push(text);
    if (text.startsWith('waiting'))
      void sqlOn(fleet, first, `delete from shop.outbox where payload::text like '%${about.id}%'`);
  };
  await moveBuckets({ ...optionsFor(String(bucket), 'shard-2'), onProgress });
  expect(said).toContain('waiting for 1 events and jobs of shard-1 about these buckets');
  expect(said.indexOf('cutting over')).toBeGreaterThan(said.findIndex((text) => text.startsWith('waiting')));
  expect(map.shardOfBucket(bucket)).toBe('shard-2');
});

test('a job that was given up holds a move up until it is retried or dropped; one with a dead letter of its own does not', async () => {
  const first = fleet.shards[0]?.primary;
  const [about] = products.filter(({ id }) => map.shardOfBucket(bucketOfId(id)) === 'shard-1');
  if (first === undefined || about === undefined) throw new Error('no shard');
  const bucket = bucketOfId(about.id);
  // What pg-boss has of a job that matters here.
  await sqlOn(
    fleet,
    first,
    `create schema shop_jobs; create table shop_jobs.job (name text, data jsonb, state text, dead_letter text);
     insert into shop_jobs.job values ('undo', '{"order": "${about.id}"}', 'failed', null),
       ('charge', '{"order": "${about.id}"}', 'failed', 'charge-failed'), ('ship', '{"order": "${about.id}"}', 'completed', null)`,
  );
  const said: string[] = [];
  const onProgress = (text: string): void => {
    said.push(text);
    if (text.startsWith('waiting')) void sqlOn(fleet, first, `delete from shop_jobs.job where name = 'undo'`);
  };
  await moveBuckets({ ...optionsFor(String(bucket), 'shard-2'), onProgress });
  await sqlOn(fleet, first, 'drop schema shop_jobs cascade');
  expect(said).toContain(
    'waiting for 1 events and jobs of shard-1 about these buckets; 1 of them failed: weft jobs retry or weft jobs drop them first',
  );
  expect(map.shardOfBucket(bucket)).toBe('shard-2');
});
