import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { testFleet, waitFor } from '@weft/testing';
import type { WriteToken } from '../src/index.ts';
import {
  type Fleet,
  idOf,
  migrate,
  newestReviewsByProduct,
  type Opened,
  open,
  photosByProduct,
  productById,
  productsByPrice,
  sqlOn,
} from './shop.ts';

const DELAY_MS = 300;
const ROUNDS = 1_000;

let fleet: Fleet;
/** Two processes with caches of their own. */
let writer: Opened;
let reader: Opened;

const id = idOf(1, 1);
/** Never invalidated: for a while after that, its tag alone would lead to the primary. */
const quiet = idOf(1, 100);

const openShop = (): Opened => {
  const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });
  return open(fleet, { telemetry, cache: createCache({ name: 'shop', maxBytes: 1_000_000, telemetry }) });
};

/** Gives what the client is handed. */
async function rename(name: string): Promise<readonly WriteToken[]> {
  const session = writer.database.begin();
  await session.write({
    at: { id },
    name: 'renameProduct',
    statement: (db) => db.updateTable('shop.product').set({ name }).where('id', '=', id).returning('name'),
    invalidates: [`Product:${id}`],
  });
  return session.tokens();
}

/** By the cache and its loader, and by a statement that no tag speaks for. */
async function namesSeen(tokens: readonly WriteToken[]): Promise<(string | undefined)[]> {
  const session = reader.database.begin({ tokens });
  const [row, rows] = await Promise.all([
    session.load(productById, id),
    session.read({
      at: { id },
      name: 'productName',
      statement: (db) => db.selectFrom('shop.product').select('name').where('id', '=', id),
    }),
  ]);
  return [row?.name, rows[0]?.name];
}

/** By the statement that no tag speaks for. */
const serversAsked = (): string[] =>
  reader
    .statements()
    .filter(({ loader }) => loader === 'productName')
    .map(({ server }) => server);

const untilReplicasFollow = (): Promise<unknown> =>
  waitFor(
    async () => {
      await namesSeen([]);
      return serversAsked().includes('replica');
    },
    { what: 'the replicas to be read from' },
  );

const untilReplicaHas = async (name: string): Promise<void> => {
  const replica = fleet.shards[0]?.replicas[0];
  if (replica === undefined) throw new Error('no replica');
  const there = `select name from shop.product where id = ${id}`;
  await waitFor(async () => (await sqlOn(fleet, replica, there))[0]?.name === name, { what: 'the replica to have it' });
};

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-tokens', shards: 2, replicas: 1 });
  await migrate(fleet);
  for (const { replicas } of fleet.shards) {
    for (const replica of replicas) {
      await sqlOn(fleet, replica, `alter system set recovery_min_apply_delay = '${DELAY_MS}ms'`);
      await sqlOn(fleet, replica, 'select pg_reload_conf()');
    }
  }
  [writer, reader] = [openShop(), openShop()];
  await writer.database.query('shard-1', `insert into shop.product values (${id}, 'sku', 'first', 1, 5)`);
  await untilReplicaHas('first');
  await untilReplicasFollow();
});
beforeEach(() => void reader.statements());
afterAll(async () => {
  await Promise.all([writer?.database.stop(), reader?.database.stop()]);
  await fleet?.stop();
});

test('with its token a client sees every one of 1,000 writes, in another process; without it, it does not', async () => {
  let stale = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = `name ${round}`;
    const tokens = await rename(name);
    expect(tokens).toMatchObject([{ shard: 'shard-1' }]);
    expect(await namesSeen(tokens)).toEqual([name, name]);
    const [, without] = await namesSeen([]);
    if (without !== name) stale += 1;
  }
  expect(stale).toBeGreaterThan(ROUNDS / 2);
  const servers = new Set(serversAsked());
  expect(servers).toEqual(new Set(['replica', 'primary']));
});

test('once the write has come to a replica, the replica answers', async () => {
  const tokens = await rename('arrived');
  await untilReplicaHas('arrived');
  reader.statements();
  expect(await namesSeen(tokens)).toEqual(['arrived', 'arrived']);
  expect(serversAsked()).toEqual(['replica']);
});

test('lists, tops and scatters see what the token speaks of, in their order, and nothing where there is nothing', async () => {
  const session = writer.database.begin();
  const insert = (table: string, values: string) => writer.database.query('shard-1', `insert into ${table} ${values}`);
  await insert('shop.product', `values (${quiet}, 'quiet', 'quiet', 1, 5)`);
  await insert('shop.photo', `values (${quiet}, 2, 'two'), (${quiet}, 0, 'none'), (${quiet}, 1, 'one')`);
  await insert('shop.review', `select ${quiet} + n, ${quiet}, n, 'text' from generate_series(1, 5) n`);
  await session.write({
    at: { id: quiet },
    name: 'setPrice',
    statement: (db) =>
      db.updateTable('shop.product').set({ price_minor: '77' }).where('id', '=', quiet).returning('price_minor'),
  });
  const look = async () => {
    const reading = reader.database.begin({ tokens: session.tokens() });
    const [photos, reviews, page, none] = await Promise.all([
      reading.list(photosByProduct, quiet),
      reading.top(newestReviewsByProduct, { parent: quiet, first: 2 }),
      reading.scatter(productsByPrice, { categoryId: '1', minPrice: '70' }, { first: 5 }),
      reading.load(productById, idOf(1, 999)),
    ]);
    return {
      photos: photos.map(({ url }) => url),
      reviews: [reviews.rows.map(({ rating }) => rating), reviews.hasNextPage],
      prices: page.rows.map((row) => row.price_minor),
      none,
    };
  };
  const expected = { photos: ['none', 'one', 'two'], reviews: [[5, 4], true], prices: ['77'], none: null };
  expect(await look()).toEqual(expected);
  const replica = fleet.shards[0]?.replicas[0];
  if (replica === undefined) throw new Error('no replica');
  const there = 'select price_minor from shop.product where price_minor = 77';
  await waitFor(async () => (await sqlOn(fleet, replica, there)).length === 1, { what: 'the replica to have it' });
  reader.statements();
  expect(await look()).toEqual(expected);
  expect(reader.statements().filter(({ shard }) => shard === 'shard-1')).toMatchObject(
    Array.from({ length: 4 }, () => ({ server: 'replica' })),
  );
});

test('a token of which nothing is known costs reads of the primary; one that is too old costs nothing', async () => {
  const [token] = await rename('unknown');
  if (token === undefined) throw new Error('no token');
  await untilReplicaHas('unknown');
  const ask = async (brought: WriteToken): Promise<string[]> => {
    reader.statements();
    expect(await namesSeen([brought])).toEqual(['unknown', 'unknown']);
    return serversAsked();
  };
  const primary = ['primary'];
  expect(await ask({ ...token, epoch: '3.9' })).toEqual(primary);
  expect(await ask({ ...token, epoch: '2.1' })).toEqual(primary);
  expect(await ask({ ...token, epoch: '2.1', shard: 'shard-2' })).toEqual(primary);
  expect(await ask({ ...token, shard: 'shard-9' })).toEqual(primary);
  // Well known, and not there: the replica says so, and the primary answers.
  expect(await ask({ ...token, xid: '9223372036854775807' })).toEqual(['replica', 'primary']);
  const old = await ask({ ...token, xid: '9223372036854775807', writtenAt: token.writtenAt - 61 });
  expect(old).toEqual(['replica']);
});

test('requests that bring tokens share statements, and each is sure of its own', async () => {
  const tokens = await rename('shared');
  const rows = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      reader.database.begin({ tokens: n % 2 === 0 ? tokens : [] }).load(productById, id),
    ),
  );
  expect(rows.filter((_, n) => n % 2 === 0).map((row) => row?.name)).toEqual(
    Array.from({ length: 10 }, () => 'shared'),
  );
});
