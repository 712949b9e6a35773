import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { testFleet, waitFor } from '@weft/testing';
import { Client } from 'pg';
import {
  type Fleet,
  idOf,
  migrate,
  newestReviewsByProduct,
  type Opened,
  open,
  photosByProduct,
  productById,
} from './shop.ts';

const PRODUCTS = 2_000;

let fleet: Fleet;
let shop: Opened;
let blocker: Client;
/** Not the blocker: inside one transaction pg_stat_activity stays as it was first seen. */
let observer: Client;

const id = (n: number): string => idOf(n % 512, n);

/** Selects of products wait from now on, until the blocker's transaction ends. */
const block = () => blocker.query('begin; lock table shop.product, shop.photo, shop.review in access exclusive mode');
const unblock = () => blocker.query('rollback');

const waiting = async (): Promise<number> => {
  const { rows } = await observer.query<{ n: number }>(
    `select count(*)::int4 as n from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'weft-shop'`,
  );
  return rows[0]?.n ?? 0;
};
const untilWaiting = (count: number): Promise<unknown> =>
  waitFor(async () => (await waiting()) === count, { what: `${count} statements to wait`, timeoutMs: 10_000 });

/** Takes both places of a lane. */
async function fillLane(): Promise<Promise<unknown>[]> {
  const first = [1, 2].map((n) => shop.database.begin().load(productById, id(n)));
  await untilWaiting(2);
  return first;
}

/** Of each statement that ran. They end in any order. */
const keysAsked = (): string[] => shop.statements().map(({ parameters }) => String(parameters[0]));

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-shared-reads', shards: 2 });
  await migrate(fleet);
  shop = open(fleet, { statementTimeoutMs: 20_000 });
  await shop.database.check();
  const ids = Array.from({ length: PRODUCTS }, (_, n) => id(n));
  const products = `insert into shop.product (id, sku, name, category_id, price_minor) select id, id::text, 'P' || id, 1, 5 from unnest($1::bigint[]) id`;
  await shop.database.query('shard-1', products, [`{${ids.join(',')}}`]);
  const [shard] = fleet.shards;
  if (shard === undefined) throw new Error('no shard');
  const { host, port } = shard.primary;
  [blocker, observer] = [1, 2].map(() => new Client({ host, port, database: 'weft', ...fleet.superuser })) as [
    Client,
    Client,
  ];
  await Promise.all([blocker.connect(), observer.connect()]);
});
beforeEach(() => void shop.statements());
afterEach(async () => {
  await unblock();
  await waitFor(async () => (await waiting()) === 0, { what: 'every statement to end' });
});
afterAll(async () => {
  await Promise.all([blocker?.end(), observer?.end()]);
  await shop?.database.stop();
  await fleet?.stop();
});

test('while two statements run, the keys of all other requests are collected into the next one', async () => {
  await block();
  const first = await fillLane();
  const others = Array.from({ length: 14 }, (_, n) => shop.database.begin().load(productById, id(3 + n)));
  await unblock();
  expect(await Promise.all(first)).toMatchObject([{ name: `P${id(1)}` }, { name: `P${id(2)}` }]);
  expect(await Promise.all(others)).toMatchObject(others.map((_, n) => ({ name: `P${id(3 + n)}` })));
  const rows = shop.statements().map((statement) => statement.rows);
  expect(rows.sort((a, b) => a - b)).toEqual([1, 1, 14]);
});

test('a key that is being read is not read again, and each request has a row of its own', async () => {
  await block();
  const first = shop.database.begin().load(productById, id(1));
  await untilWaiting(1);
  const others = Array.from({ length: 5 }, () => shop.database.begin().load(productById, id(1)));
  await unblock();
  const rows = await Promise.all([first, ...others]);
  expect(rows).toMatchObject(rows.map(() => ({ id: id(1), name: `P${id(1)}` })));
  expect(new Set(rows).size).toBe(6);
  expect(shop.statements()).toHaveLength(1);
});

test('lists and tops of several requests are one statement, and no request sees the rows of another', async () => {
  await shop.database.query('shard-1', `insert into shop.photo values (${id(1)}, 0, 'one'), (${id(2)}, 0, 'two')`);
  const reviews = [1, 2, 3].map((n) => `(${idOf(1, 100 + n)}, ${id(1)}, ${n}, 'text')`);
  await shop.database.query('shard-1', `insert into shop.review values ${reviews.join(',')}`);
  shop.statements();
  await block();
  const sessions = Array.from({ length: 6 }, () => shop.database.begin());
  const lists = Promise.all(sessions.map((session, n) => session.list(photosByProduct, id(1 + (n % 2)))));
  const tops = Promise.all(
    sessions.map((session, n) => session.top(newestReviewsByProduct, { parent: id(1), first: 1 + (n % 3) })),
  );
  await untilWaiting(4);
  await unblock();
  expect(await lists).toMatchObject(sessions.map((_, n) => [{ url: n % 2 === 0 ? 'one' : 'two' }]));
  const pages = await tops;
  expect(pages.map(({ rows, hasNextPage }) => [rows.length, hasNextPage])).toEqual([
    [1, true],
    [2, true],
    [3, false],
    [1, true],
    [2, true],
    [3, false],
  ]);
  expect(pages[0]?.rows[0]).toEqual(pages[3]?.rows[0]);
  expect(pages[0]?.rows[0]).not.toBe(pages[3]?.rows[0]);
  // Of each loader two that were sent at once, and the third top by the statement for all that came behind.
  expect(shop.statements()).toHaveLength(5);
});

test('after a write, who asks does not get an answer that was begun before it', async () => {
  await block();
  const before = shop.database.begin().load(productById, id(1));
  await untilWaiting(1);
  await shop.database.begin().write({
    at: { bucket: 1 },
    name: 'addSku',
    statement: (db) => db.insertInto('shop.sku_lookup').values({ sku: 'new', product_id: id(1) }),
  });
  const after = shop.database.begin().load(productById, id(1));
  await untilWaiting(2);
  await unblock();
  await Promise.all([before, after]);
  expect(shop.statements().filter(({ loader }) => loader === 'productById')).toHaveLength(2);
});

test('keys whose askers are all gone are not asked for', async () => {
  await block();
  const first = await fillLane();
  const gone = new AbortController();
  const left = shop.database.begin({ signal: gone.signal }).loadMany(productById, [id(3), id(4)]);
  const stays = shop.database.begin().load(productById, id(4));
  // DataLoader sends at the end of the tick.
  await new Promise(setImmediate);
  gone.abort(new GraphError('DEADLINE_EXCEEDED', 'gone'));
  expect(await left).toMatchObject([{ code: 'DEADLINE_EXCEEDED' }, { code: 'DEADLINE_EXCEEDED' }]);
  await unblock();
  await Promise.all([...first, stays]);
  expect(keysAsked().sort()).toEqual([1, 2, 4].map((n) => `{${id(n)}}`).sort());
});

test('a statement goes on while somebody waits for it, and is cancelled on the server when nobody does', async () => {
  await block();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = shop.database.begin({ signal: one.signal }).load(productById, id(1));
  await untilWaiting(1);
  const second = shop.database.begin({ signal: two.signal }).load(productById, id(1));
  await new Promise(setImmediate);
  one.abort(new GraphError('DEADLINE_EXCEEDED', 'first'));
  await expect(first).rejects.toMatchObject({ message: 'first' });
  expect(await waiting()).toBe(1);
  two.abort(new GraphError('DEADLINE_EXCEEDED', 'second'));
  await expect(second).rejects.toMatchObject({ message: 'second' });
  await untilWaiting(0);
  // Nobody gets what was cancelled for others.
  const third = shop.database.begin().load(productById, id(1));
  await untilWaiting(1);
  await unblock();
  await expect(third).resolves.toMatchObject({ name: `P${id(1)}` });
});

test('a deadline ends the wait of its own request only', async () => {
  await block();
  const patient = shop.database.begin().load(productById, id(1));
  await untilWaiting(1);
  const hasty = shop.database.begin({ deadline: Date.now() + 50 }).load(productById, id(1));
  await expect(hasty).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  // One that waits longer than the statement would must not be failed by it.
  const short = shop.database.begin({ deadline: Date.now() + 300 }).load(productById, id(2));
  await untilWaiting(2);
  const longer = shop.database.begin({ deadline: Date.now() + 15_000 }).load(productById, id(2));
  await expect(short).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
  await unblock();
  await expect(Promise.all([patient, longer])).resolves.toHaveLength(2);
});

test('a statement asks for 1,000 keys at most', async () => {
  await block();
  const first = await fillLane();
  const many = [0, 1, 2].map((part) =>
    shop.database.begin().loadMany(
      productById,
      Array.from({ length: 600 }, (_, n) => id(100 + part * 600 + n)),
    ),
  );
  await new Promise(setImmediate);
  await unblock();
  const rows = await Promise.all(many);
  expect(rows.flat().every((row) => row !== null && 'name' in row)).toBe(true);
  await Promise.all(first);
  expect(
    shop
      .statements()
      .map(({ rows: found }) => found)
      .sort((a, b) => a - b),
  ).toEqual([1, 1, 800, 1_000]);
});

test('a statement that fails fails its own keys, and the next one is sent', async () => {
  await block();
  const first = await fillLane();
  const queued = shop.database.begin().load(productById, id(3));
  await new Promise(setImmediate);
  await blocker.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'weft-shop'`,
  );
  const outcomes = await Promise.allSettled(first);
  expect(outcomes).toMatchObject(outcomes.map(() => ({ reason: { code: 'SHARD_UNAVAILABLE' } })));
  await unblock();
  await queued.catch((error: unknown) => expect(error).toMatchObject({ code: 'SHARD_UNAVAILABLE' }));
  await waitFor(() => shop.database.begin().load(productById, id(3)), { what: 'the shard to be used again' });
});
