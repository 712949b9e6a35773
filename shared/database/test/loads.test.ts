import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { testFleet, waitFor } from '@weft/testing';
import { sql } from 'kysely';
import {
  categories,
  type Fleet,
  idOf,
  migrate,
  type Opened,
  open,
  photosByProduct,
  productById,
  productIdBySku,
  sqlOn,
} from './shop.ts';

let fleet: Fleet;
let shop: Opened;

/** Ten products, odd ones on shard-2. */
const products = Array.from({ length: 10 }, (_, n) => ({
  id: idOf(n % 2 === 0 ? 10 + n : 600 + n, n),
  name: `P${n}`,
  price: (n * 7) % 5,
}));

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-loads', shards: 2 });
  await migrate(fleet);
  for (const [index, { primary }] of fleet.shards.entries()) {
    const mine = products.filter((_, n) => n % 2 === index);
    const values = mine.map(
      ({ id, name, price }) => `(${id}, '${id}', '${name}', 1, ${price}, '2026-01-02 03:04:05.678901+01')`,
    );
    await sqlOn(
      fleet,
      primary,
      `insert into shop.product (id, sku, name, category_id, price_minor, created_at) values ${values.join(',')}`,
    );
    await sqlOn(fleet, primary, `insert into shop.category values (1, 'Chairs'), (2, 'Tables')`);
  }
  shop = open(fleet);
  await shop.database.check();
});
beforeEach(() => void shop.statements());
afterAll(async () => {
  await shop?.database.stop();
  await fleet?.stop();
});

test('loads of one tick are one statement a shard, in the order that was asked, with null for what is missing', async () => {
  const session = shop.database.begin();
  const missing = idOf(10, 999);
  const keys = [...products.map(({ id }) => id).reverse(), missing, products[3]?.id ?? ''];
  const rows = await Promise.all(keys.map((key) => session.load(productById, key)));
  expect(rows.map((row) => row?.name ?? null)).toEqual([
    'P9',
    'P8',
    'P7',
    'P6',
    'P5',
    'P4',
    'P3',
    'P2',
    'P1',
    'P0',
    null,
    'P3',
  ]);
  expect(shop.statements().map(({ shard, loader, rows: found }) => [shard, loader, found])).toEqual(
    expect.arrayContaining([
      ['shard-1', 'productById', 5],
      ['shard-2', 'productById', 5],
    ]),
  );
  // A key is loaded once in a request.
  await session.load(productById, missing);
  expect(shop.statements()).toEqual([]);
});

test('a row is what Postgres wrote: ids, amounts and times as text, without a conversion', async () => {
  const row = await shop.database.begin().load(productById, products[0]?.id ?? '');
  expect(row).toEqual({
    id: products[0]?.id,
    name: 'P0',
    price_minor: '0',
    created_at: '2026-01-02 02:04:05.678901+00',
    in_stock: true,
  });
});

test('a malformed key fails alone, before anything is sent for it', async () => {
  const session = shop.database.begin();
  const rows = await session.loadMany(productById, ['not-an-id', products[0]?.id ?? '', '9223372036854775808', '0']);
  expect(rows).toEqual([
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    expect.objectContaining({ name: 'P0' }),
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
    expect.objectContaining({ code: 'BAD_USER_INPUT' }),
  ]);
  expect(shop.statements()).toHaveLength(1);
});

test('natural keys are found by their hash, whatever is in them', async () => {
  const skus = ['plain', "it's", '{"}', 'comma,and\\', 'NULL', '🙂', ''];
  for (const sku of skus) {
    const shard = shop.database.shardOf({ text: sku });
    await shop.database.query(shard, 'insert into shop.sku_lookup values ($1, 7)', [sku]);
  }
  const session = shop.database.begin();
  const rows = await session.loadMany(productIdBySku, [...skus, 'nothing']);
  expect(rows.map((row) => row && 'sku' in row && row.sku)).toEqual([...skus, null]);
  // No text of Postgres holds a zero byte: that key fails, and not its batch.
  const [zero, plain] = await shop.database.begin().loadMany(productIdBySku, ['a\0b', 'plain']);
  expect([zero, plain]).toMatchObject([{ code: 'BAD_USER_INPUT' }, { sku: 'plain' }]);
});

test('one prepared statement serves batches of every size', async () => {
  const session = (): ReturnType<Opened['database']['begin']> => shop.database.begin();
  await session().loadMany(
    productById,
    products.slice(0, 1).map(({ id }) => id),
  );
  await session().loadMany(
    productById,
    products.map(({ id }) => id),
  );
  const statements = shop.statements();
  expect(new Set(statements.map(({ sql }) => sql)).size).toBe(1);
  expect(statements.every(({ parameters }) => parameters.length === 1)).toBe(true);
  const names = await shop.database.query(
    'shard-1',
    `select count(distinct name)::int4 as n from pg_prepared_statements where name like 'weft_%'`,
  );
  expect(names[0]?.n).toBeGreaterThan(0);
});

test('a list comes whole and in order; a parent beyond the maximum fails alone', async () => {
  const [few, many, none] = [idOf(20, 1), idOf(20, 2), idOf(20, 3)];
  const photos = [2, 0, 1].map((position) => `(${few}, ${position}, 'few-${position}')`);
  photos.push(...Array.from({ length: 9 }, (_, position) => `(${many}, ${position}, 'many-${position}')`));
  await shop.database.query('shard-1', `insert into shop.photo values ${photos.join(',')}`);
  const session = shop.database.begin();
  const [first, tooMany, empty] = await Promise.allSettled(
    [few, many, none].map((parent) => session.list(photosByProduct, parent)),
  );
  expect(first).toMatchObject({ value: [{ url: 'few-0' }, { url: 'few-1' }, { url: 'few-2' }] });
  expect(tooMany).toMatchObject({
    status: 'rejected',
    reason: { message: expect.stringContaining('more than 3 rows') },
  });
  expect(empty).toEqual({ status: 'fulfilled', value: [] });
});

test('reference rows come from one shard, once, and no two readers share them', async () => {
  const [one, two] = [shop.database.begin(), shop.database.begin()];
  const [rows, again, others] = await Promise.all([
    one.reference(categories),
    one.reference(categories),
    two.reference(categories),
  ]);
  expect(rows).toEqual([
    { id: '1', name: 'Chairs' },
    { id: '2', name: 'Tables' },
  ]);
  expect(again).toBe(rows);
  expect(others).toEqual(rows);
  expect(others[0]).not.toBe(rows[0]);
  expect(shop.statements()).toHaveLength(1);
});

test('a read goes to the one shard of its place', async () => {
  const rows = await shop.database.begin().read({
    at: { id: products[1]?.id ?? '' },
    name: 'countProducts',
    statement: (db) => db.selectFrom('shop.product').select((eb) => eb.fn.countAll<string>().as('n')),
  });
  expect(rows).toEqual([{ n: '5' }]);
  expect(shop.statements()).toMatchObject([{ shard: 'shard-2', loader: 'countProducts' }]);
});

test('a value that its column cannot hold is BAD_USER_INPUT', async () => {
  for (const value of ['a\0b', 'not a number', '99999999999999999999']) {
    const reading = shop.database.begin().read({
      at: { bucket: 1 },
      name: 'byPrice',
      statement: (db) => db.selectFrom('shop.product').select('id').where('price_minor', '=', value),
    });
    await expect(reading).rejects.toMatchObject({ code: 'BAD_USER_INPUT', message: 'A value is not allowed.' });
  }
});

test('a migration under running processes fails no statement, also where its plan was made before', async () => {
  const readAll = () =>
    shop.database.begin().read({
      at: { bucket: 1 },
      name: 'photos',
      statement: (db) => db.selectFrom('shop.photo').selectAll().where('product_id', '=', '1'),
    });
  await shop.database.query('shard-1', `insert into shop.photo values (1, 0, 'x')`);
  await readAll();
  const [shard] = fleet.shards;
  if (shard === undefined) throw new Error('no shard');
  await sqlOn(fleet, shard.primary, 'alter table shop.photo add column width int default 5');
  expect(await Promise.all([readAll(), readAll(), readAll()])).toEqual(
    Array.from({ length: 3 }, () => [{ product_id: '1', position: 0, url: 'x', width: 5 }]),
  );
});

test('a statement that is run by Kysely itself is an error, and not an empty answer', async () => {
  const running = shop.database.transaction('shard-1', (tx) => tx.db.selectFrom('shop.product').select('id').execute());
  await expect(running).rejects.toThrow('only builds statements');
});

test('after the deadline, or when the client has gone, no statement is sent and the reason is the error', async () => {
  const late = shop.database.begin({ deadline: Date.now() - 1 });
  await expect(late.load(productById, products[0]?.id ?? '')).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  const reason = new Error('gone');
  const gone = shop.database.begin({ signal: AbortSignal.abort(reason) });
  await expect(gone.load(productById, products[0]?.id ?? '')).rejects.toBe(reason);
  expect(shop.statements()).toEqual([]);
});

test('a statement that outlives its caller is cancelled on the server and its connection is used again', async () => {
  const patient = open(fleet, { statementTimeoutMs: 60_000 });
  const controller = new AbortController();
  try {
    const reading = patient.database.begin({ signal: controller.signal }).read({
      at: { bucket: 1 },
      name: 'slow',
      statement: (db) => db.selectNoFrom(sql<string>`pg_sleep(59)::text`.as('slept')),
    });
    const running = async (): Promise<boolean> => {
      const sleeping = `select pid from pg_stat_activity where query like '%pg_sleep(59)%' and pid <> pg_backend_pid() and state = 'active'`;
      return (await shop.database.query('shard-1', sleeping)).length === 1;
    };
    await waitFor(running, { what: 'the slow statement to run' });
    controller.abort(new GraphError('DEADLINE_EXCEEDED', 'over'));
    await expect(reading).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await waitFor(async () => !(await running()), { what: 'it to be cancelled' });
    await expect(patient.database.begin().load(productById, products[0]?.id ?? '')).resolves.toMatchObject({
      name: 'P0',
    });
  } finally {
    await patient.database.stop();
  }
});

test('a statement beyond its time fails with SHARD_UNAVAILABLE, and the shard is not blamed', async () => {
  const quick = open(fleet, { statementTimeoutMs: 400 });
  try {
    for (let round = 0; round < 3; round += 1) {
      const reading = quick.database.begin().read({
        at: { bucket: 1 },
        name: 'slow',
        statement: (db) => db.selectNoFrom(sql<string>`pg_sleep(60)::text`.as('slept')),
      });
      await expect(reading).rejects.toMatchObject({ code: 'SHARD_UNAVAILABLE', log: { shard: 'shard-1' } });
    }
    await expect(quick.database.begin().load(productById, products[0]?.id ?? '')).resolves.toMatchObject({
      name: 'P0',
    });
  } finally {
    await quick.database.stop();
  }
});

test('when no connection is free for 250 ms a load fails with DATABASE_BUSY, and the next one works', async () => {
  const small = open(fleet, { maxConnections: 2 });
  try {
    let release: () => void = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const taken = Array.from({ length: 2 }, () => {
      let began: () => void = () => {};
      const hasBegun = new Promise<void>((resolve) => {
        began = resolve;
      });
      const held = small.database.transaction('shard-1', async () => {
        began();
        await released;
      });
      return { hasBegun, held };
    });
    await Promise.all(taken.map(({ hasBegun }) => hasBegun));
    const startedAt = Date.now();
    const [onFull, onOther] = await Promise.allSettled(
      products.slice(0, 2).map(({ id }) => small.database.begin().load(productById, id)),
    );
    expect(onFull).toMatchObject({ reason: { code: 'DATABASE_BUSY' } });
    expect(Date.now() - startedAt).toBeLessThan(1_000);
    expect(onOther).toMatchObject({ value: { name: 'P1' } });
    release();
    await Promise.all(taken.map(({ held }) => held));
    await expect(small.database.begin().load(productById, products[0]?.id ?? '')).resolves.toMatchObject({
      name: 'P0',
    });
  } finally {
    await small.database.stop();
  }
});
