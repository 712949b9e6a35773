import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { testFleet, waitFor } from '@weft/testing';
import { sql } from 'kysely';
import { type DatabaseSession, type OutboxEvent, toConnection } from '../src/index.ts';
import {
  type Fleet,
  idOf,
  migrate,
  newestReviewsByProduct,
  type Opened,
  open,
  productById,
  type ShopTables,
  sqlOn,
} from './shop.ts';

let fleet: Fleet;
let shop: Opened;
/** Another process of the same subgraph. */
let other: Opened;

let made = 0;
/** A product of its own for each test, on shard-1. */
const newId = (): string => idOf(100, ++made);

const openCached = (): Opened => {
  const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
  return open(fleet, { telemetry, cache: createCache({ name: 'shop', maxBytes: 1_000_000, telemetry }) });
};

const addProduct = (session: DatabaseSession<ShopTables>, id: string, name: string, events: OutboxEvent[] = []) =>
  session.write({
    at: { id },
    name: 'addProduct',
    statement: (db) =>
      db
        .insertInto('shop.product')
        .values({
          id,
          sku: id,
          name,
          category_id: '1',
          price_minor: '5',
          created_at: sql<string>`now()`,
          in_stock: true,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning(['id', 'name']),
    events,
    invalidates: [`Product:${id}`],
  });

const rename = (session: DatabaseSession<ShopTables>, id: string, name: string) =>
  session.write({
    at: { id },
    name: 'renameProduct',
    statement: (db) => db.updateTable('shop.product').set({ name }).where('id', '=', id),
    invalidates: [`Product:${id}`],
  });

const nameIn = async (opened: Opened, id: string): Promise<string | undefined> =>
  (await opened.database.begin().load(productById, id))?.name;

/** Until the process answers from its cache: it listens, and has heard of the writes before. */
const cachedIn = async (opened: Opened, id: string): Promise<void> => {
  await waitFor(
    async () => {
      await nameIn(opened, id);
      opened.statements();
      await nameIn(opened, id);
      return opened.statements().length === 0;
    },
    { what: 'rows to be cached' },
  );
};

/** A write after it is heard after it. */
const heardAll = async (opened: Opened): Promise<void> => {
  const [mark, tags] = [newId(), [] as string[]];
  const end = opened.database.onInvalidate((heard) => tags.push(...heard));
  await shop.database.transaction('shard-1', (tx) => tx.invalidate([`Mark:${mark}`]));
  await waitFor(() => tags.includes(`Mark:${mark}`), { what: 'notifications to be heard' });
  end();
};

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-writes', shards: 2 });
  await migrate(fleet);
  [shop, other] = [openCached(), openCached()];
  await Promise.all([shop.database.check(), other.database.check()]);
  for (const opened of [shop, other]) {
    const id = newId();
    await addProduct(opened.database.begin(), id, 'first');
    await cachedIn(opened, id);
  }
});
beforeEach(() => {
  shop.statements();
  other.statements();
});
afterAll(async () => {
  await Promise.all([shop?.database.stop(), other?.database.stop()]);
  await fleet?.stop();
});

test('a write, its events and its invalidation are one statement, on the primary of one shard', async () => {
  const id = newId();
  const heard: string[] = [];
  const end = other.database.onInvalidate((tags) => heard.push(...tags));
  const events = [
    { topic: 'product.added', payload: { id, note: "it's {}" } },
    { topic: 'product.counted', payload: { n: 1 } },
  ];
  const rows = await addProduct(shop.database.begin(), id, 'Chair', events);
  expect(rows).toEqual([{ id, name: 'Chair' }]);
  expect(shop.statements()).toMatchObject([{ shard: 'shard-1', server: 'primary', loader: 'addProduct', rows: 1 }]);
  const stored = await shop.database.query('shard-1', 'delete from shop.outbox returning topic, payload, attempts');
  expect(stored).toEqual(events.map((event) => ({ ...event, attempts: 0 })));
  await waitFor(() => heard.includes(`Product:${id}`), { what: 'the other process to hear of it' });
  end();
});

test('a write that touched no row stores no event and tells nobody', async () => {
  const id = newId();
  const heard: string[] = [];
  const end = other.database.onInvalidate((tags) => heard.push(...tags));
  await addProduct(shop.database.begin(), id, 'first');
  await waitFor(() => heard.length > 0, { what: 'the first write to be heard' });
  heard.length = 0;
  const rows = await addProduct(shop.database.begin(), id, 'second', [{ topic: 'product.added', payload: {} }]);
  expect(rows).toEqual([]);
  expect(await shop.database.query('shard-1', 'select from shop.outbox')).toEqual([]);
  // Notifications come in the order of the commits, so this one would come after.
  const next = newId();
  await addProduct(shop.database.begin(), next, 'next');
  await waitFor(() => heard.includes(`Product:${next}`), { what: 'the next write to be heard' });
  expect(heard).toEqual([`Product:${next}`]);
  end();
});

test('several tables are written by the CTEs of one statement', async () => {
  const [id, review] = [newId(), newId()];
  const rows = await shop.database.begin().write({
    at: { id },
    name: 'addBoth',
    statement: (db) =>
      db
        .with('product', (query) =>
          query
            .insertInto('shop.product')
            .values({
              id,
              sku: id,
              name: 'Lamp',
              category_id: '1',
              price_minor: '5',
              created_at: sql<string>`now()`,
              in_stock: true,
            })
            .returning('id'),
        )
        .with('review', (query) =>
          query
            .insertInto('shop.review')
            .columns(['id', 'product_id', 'rating', 'body'])
            .expression((from) =>
              from
                .selectFrom('product')
                .select([
                  sql<string>`${review}::bigint`.as('id'),
                  'product.id as product_id',
                  sql<number>`5`.as('rating'),
                  sql<string>`'fine'`.as('body'),
                ]),
            )
            .returningAll(),
        )
        .selectFrom('review')
        .selectAll(),
    events: [{ topic: 'review.added', payload: { review } }],
    invalidates: [`Product:${id}`],
  });
  expect(rows).toEqual([{ id: review, product_id: id, rating: 5, body: 'fine' }]);
  expect(await shop.database.query('shard-1', 'delete from shop.outbox returning topic')).toEqual([
    { topic: 'review.added' },
  ]);
  const page = await shop.database.begin().top(newestReviewsByProduct, { parent: id, first: 5 });
  expect(toConnection(page, (row) => row.body).edges.map(({ node }) => node)).toEqual(['fine']);
});

test('a constraint that refuses is a ConstraintError with its name, and nothing is stored', async () => {
  const id = newId();
  const writing = shop.database.begin().write({
    at: { id },
    name: 'addWrong',
    statement: (db) =>
      db
        .insertInto('shop.product')
        .values({
          id,
          sku: id,
          name: 'Lamp',
          category_id: '1',
          price_minor: '-5',
          created_at: sql<string>`now()`,
          in_stock: true,
        })
        .returning('id'),
    events: [{ topic: 'product.added', payload: {} }],
  });
  await expect(writing).rejects.toMatchObject({
    name: 'ConstraintError',
    kind: 'check',
    constraint: 'product_price_minor_check',
  });
  expect(await shop.database.query('shard-1', 'select from shop.outbox')).toEqual([]);
});

test('a taken primary key is tried once more with a new id, only where the caller allows it', async () => {
  const [taken, free] = [newId(), newId()];
  await addProduct(shop.database.begin(), taken, 'there');
  const add = (given: string[], retryOnTakenId: boolean) => {
    const values = (id: string) => ({
      id,
      sku: id,
      name: 'new',
      category_id: '1',
      price_minor: '5',
      created_at: sql<string>`now()`,
      in_stock: true,
    });
    return shop.database.begin().write({
      at: { bucket: 100 },
      name: 'addNew',
      statement: (db) =>
        db
          .insertInto('shop.product')
          .values(values(given.shift() ?? ''))
          .returning('id'),
      retryOnTakenId,
    });
  };
  await expect(add([taken, free], false)).rejects.toMatchObject({ kind: 'unique', constraint: 'product_pkey' });
  await expect(add([taken, free], true)).resolves.toEqual([{ id: free }]);
  await expect(add([taken, taken, newId()], true)).rejects.toMatchObject({ kind: 'unique' });
});

test('after a write its session and its process read the new row at once, other processes a moment later', async () => {
  const id = newId();
  await addProduct(shop.database.begin(), id, 'old');
  await Promise.all([heardAll(shop), heardAll(other)]);
  expect([await nameIn(shop, id), await nameIn(other, id)]).toEqual(['old', 'old']);
  shop.statements();
  other.statements();
  expect([await nameIn(shop, id), await nameIn(other, id)]).toEqual(['old', 'old']);
  expect([...shop.statements(), ...other.statements()]).toEqual([]);

  const session = shop.database.begin();
  expect((await session.load(productById, id))?.name).toBe('old');
  await rename(session, id, 'new');
  expect(await nameIn(shop, id)).toBe('new');
  expect((await session.load(productById, id))?.name).toBe('new');
  // Not thanks to the notification, which sometimes comes first.
  for (let round = 0; round < 50; round += 1) {
    await rename(shop.database.begin(), id, `new ${round}`);
    expect(await nameIn(shop, id)).toBe(`new ${round}`);
  }
  await rename(shop.database.begin(), id, 'new');
  await waitFor(async () => (await nameIn(other, id)) === 'new', {
    what: 'the other process to see it',
    timeoutMs: 1_000,
  });
});

test('a row that is not there is remembered shortly, and forgotten when it is written', async () => {
  const id = newId();
  expect(await nameIn(other, id)).toBeUndefined();
  other.statements();
  expect(await nameIn(other, id)).toBeUndefined();
  expect(other.statements()).toEqual([]);
  await addProduct(shop.database.begin(), id, 'now there');
  await waitFor(async () => (await nameIn(other, id)) === 'now there', { what: 'the row', timeoutMs: 1_000 });
});

test('cached rows are parsed for each request: what one changes in them no other sees', async () => {
  const id = newId();
  await addProduct(shop.database.begin(), id, 'whole');
  await nameIn(shop, id);
  const row = await shop.database.begin().load(productById, id);
  Object.assign(row ?? {}, { name: 'spoilt' });
  expect(await nameIn(shop, id)).toBe('whole');
});

test('a process that lost its listening connection trusts none of its rows when it listens again', async () => {
  const id = newId();
  await addProduct(shop.database.begin(), id, 'before');
  await heardAll(other);
  expect(await nameIn(other, id)).toBe('before');
  const [shard] = fleet.shards;
  if (shard === undefined) throw new Error('no shard');
  await sqlOn(fleet, shard.primary, `update shop.product set name = 'after' where id = ${id}`);
  expect(await nameIn(other, id)).toBe('before');
  await sqlOn(
    fleet,
    shard.primary,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'weft-shop-watch%'`,
  );
  await waitFor(async () => (await nameIn(other, id)) === 'after', { what: 'the cache to be dropped' });
  await cachedIn(other, id);
  expect(await nameIn(other, id)).toBe('after');
});

test('a transaction commits with its work or leaves nothing, and its connection is used again', async () => {
  const id = newId();
  const failed = shop.database.transaction('shard-1', async (tx) => {
    await tx.query('insert into shop.sku_lookup values ($1, 1)', [id]);
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  const heard: string[] = [];
  const notified: string[] = [];
  const end = [
    other.database.onInvalidate((tags) => heard.push(...tags)),
    other.database.listen('weft_shop', { onNotification: (shard) => notified.push(shard) }),
  ];
  const rows = await shop.database.transaction('shard-1', async (tx) => {
    expect(await tx.query('select from shop.sku_lookup where sku = $1', [id])).toEqual([]);
    await tx.invalidate([`Product:${id}`]);
    return tx.execute(tx.db.insertInto('shop.sku_lookup').values({ sku: id, product_id: id }).returningAll());
  });
  expect(rows).toEqual([{ sku: id, product_id: id }]);
  await waitFor(() => heard.includes(`Product:${id}`) && notified.includes('shard-1'), {
    what: 'the commit to be told',
  });
  for (const stop of end) stop();
});

test('events of a transaction and of a write carry the trace that they come from, and come with the commit', async () => {
  const { database, telemetry } = shop;
  const trace = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };
  const event = { topic: 'stocked', payload: { n: 1 } };
  const undone = database.transaction('shard-1', async (transaction) => {
    await transaction.emit([event]);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  await telemetry.within(trace, () =>
    database.transaction('shard-1', (transaction) => transaction.emit([event, { ...event, payload: { n: 2 } }])),
  );
  const id = newId();
  await telemetry.within(trace, () => addProduct(database.begin(), id, 'Traced', [{ ...event, payload: { n: 3 } }]));

  const traceparent = `00-${trace.traceId}-${trace.spanId}-01`;
  expect(
    await database.query(
      'shard-1',
      "select payload->>'n' as n, traceparent from shop.outbox where topic = 'stocked' order by id",
    ),
  ).toEqual(['1', '2', '3'].map((n) => ({ n, traceparent })));
  await database.query('shard-1', 'delete from shop.outbox');
});
