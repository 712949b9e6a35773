import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Child } from '@weft/local';
import { hasRedis, type RedisServer, startRedis, waitFor } from '@weft/testing';
import { type Answered, type RunningGraph, startGraph } from '../src/running-graph.ts';
import { startLoad } from './load.ts';

const PRODUCTS = `query Products($ids: [ID!]!) {
  products(ids: $ids) { id name rating reviews(first: 1) { edges { node { title } } } }
}`;

let running: RunningGraph;
let redis: RedisServer | undefined;
/** Ids of products by the shard they live on; each test takes its own, so that no cache answers for the database. */
let unread: Map<string, string[]>;

beforeAll(async () => {
  redis = hasRedis() ? await startRedis() : undefined;
  running = await startGraph({ copies: 2, scale: 0.2, redisUrl: redis?.url });
  unread = new Map();
  for (const { name } of running.graph.fleet.shards) {
    const rows = await running.sql(name, 'select id::text from products.product order by id');
    unread.set(
      name,
      rows.map(({ id }) => String(id)),
    );
  }
}, 240_000);

afterAll(async () => {
  await running?.stop();
  await redis?.stop();
});

function takeIds(shard: string, count: number): string[] {
  const ids = unread.get(shard)?.splice(0, count) ?? [];
  if (ids.length < count) throw new Error(`too few products on ${shard}`);
  return ids;
}

const wrong = ({ status, body }: Answered): string | undefined =>
  status === 200 && body.errors === undefined ? undefined : `${status} ${JSON.stringify(body.errors)}`;

interface Product {
  readonly id: string;
  readonly name: string;
}

const serverOf = (shard: string) => {
  const found = running.graph.fleet.shards.find(({ name }) => name === shard);
  const [replica] = found?.replicas ?? [];
  if (found === undefined || replica === undefined) throw new Error(`no replica of ${shard}`);
  return { primary: found.primary, replica };
};

/** Products of shard-2 are lost, with a typed error each; those of shard-1 are whole. */
async function expectOnlyShard2Lost(): Promise<void> {
  const alive = takeIds('shard-1', 3);
  const dead = takeIds('shard-2', 2);
  const began = performance.now();
  const { status, body } = await running.ask(PRODUCTS, {
    variables: { ids: [alive[0], dead[0], alive[1], dead[1], alive[2]] },
  });
  expect(performance.now() - began).toBeLessThan(9_000); // the deadline of an operation is 10 s
  expect(status).toBe(200);
  const products = body.data?.products as (Product | null)[];
  expect(products.map((product) => product?.id ?? null)).toEqual([alive[0], null, alive[1], null, alive[2]]);
  const own = body.errors?.map(({ path, extensions }) => [path, extensions?.code]);
  expect(own).toEqual([
    [['products', 1], 'SHARD_UNAVAILABLE'],
    [['products', 3], 'SHARD_UNAVAILABLE'],
  ]);
}

async function expectShard2Back(): Promise<void> {
  await waitFor(
    async () => {
      const ids = takeIds('shard-2', 1);
      const { body } = await running.ask(PRODUCTS, { variables: { ids } });
      return body.errors === undefined;
    },
    { what: 'shard-2 to answer again by itself', timeoutMs: 30_000 },
  );
}

describe('a shard', () => {
  test('that is stopped loses its own products, with a typed error each, and comes back by itself', async () => {
    const { primary, replica } = serverOf('shard-2');
    await running.graph.fleet.pause(primary);
    await running.graph.fleet.pause(replica);
    await expectOnlyShard2Lost();
    await running.graph.fleet.resume(primary);
    await running.graph.fleet.resume(replica);
    await expectShard2Back();
  });

  test('that is killed loses its own products, with a typed error each, and comes back by itself', async () => {
    const { primary, replica } = serverOf('shard-2');
    await running.graph.fleet.kill(primary);
    await running.graph.fleet.kill(replica);
    await expectOnlyShard2Lost();
    await running.graph.fleet.start(primary);
    await running.graph.fleet.start(replica);
    await expectShard2Back();
  });

  test('whose replica is killed is read from its primary, and nothing is lost', async () => {
    const { replica } = serverOf('shard-3');
    await running.graph.fleet.kill(replica);
    const { body } = await running.ask(PRODUCTS, { variables: { ids: takeIds('shard-3', 4) } });
    await running.graph.fleet.start(replica);
    expect(body.errors).toBeUndefined();
    expect(body.data?.products).toHaveLength(4);
  });
});

describe('what only the client can mend', () => {
  test('is told on its field: an amount that is none, in a literal or a variable, and one that bounds nothing', async () => {
    const search = '{ searchProducts(category: "garden-tools", minPrice: $least) { edges { node { id } } } }';
    const asked = (least: string) => [
      running.ask(search.replace('$least', JSON.stringify(least))),
      running.ask(`query($least: Money) ${search}`, { variables: { least } }),
    ];
    for (const [least, message] of [
      ['abc', 'Money is malformed: it is an amount, a space and a currency, like 12.90 EUR.'],
      ['-1.00 EUR', 'minPrice must not be negative.'],
      ['1.00 XXZ', 'minPrice is in XXZ, which is no currency that is known here.'],
    ] as const) {
      for (const { status, body } of await Promise.all(asked(least))) {
        expect([status, body.data]).toEqual([200, null]); // searchProducts must not be null
        expect(body.errors).toMatchObject([
          { message, path: ['searchProducts'], extensions: { code: 'BAD_USER_INPUT' } },
        ]);
      }
    }
  });

  test('a product that is gone nulls its place in what refers to it, with a code of its own', async () => {
    const [product = '', other] = takeIds('shard-1', 2);
    const [review] = await running.sql(
      'shard-1',
      `select id::text from reviews.review where product_id = ${product} limit 1`,
    );
    await running.sql('shard-1', `delete from products.product where id = ${product}`);
    const { status, body } = await running.ask(
      'query($review: ID!, $ids: [ID!]!) { review(id: $review) { rating product { name } } products(ids: $ids) { id } }',
      { variables: { review: review?.id, ids: [product, other] } },
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({
      review: { rating: expect.any(Number), product: null },
      products: [null, { id: other }],
    });
    expect(body.errors).toMatchObject([
      { path: ['review', 'product', 'name'], extensions: { code: 'ENTITY_NOT_FOUND' } },
    ]);
  });
});

const redisTest = hasRedis() ? test : test.skip;

redisTest('Redis used, killed, back, hanging and full of rubbish: no request fails', async () => {
  if (redis === undefined) throw new Error('no Redis');
  const pool = [...unread.keys()].flatMap((shard) => takeIds(shard, 6));
  const load = startLoad({
    lanes: 2,
    wrong,
    ask: (nth) => running.ask(PRODUCTS, { variables: { ids: [pool[nth % pool.length]] } }),
  });
  const more = async (count: number): Promise<void> => {
    const until = load.answered() + count;
    await waitFor(() => load.answered() >= until, { what: `${count} more answers`, timeoutMs: 60_000 });
  };
  await more(60);
  expect(Number(/\d+/.exec(await redis.command('DBSIZE'))?.[0])).toBeGreaterThan(0);
  await redis.kill();
  await more(60);
  await redis.start();
  await more(60);
  redis.pause();
  await more(60);
  redis.resume();
  const keys = (await redis.command('KEYS', '*')).split('\r\n').filter((line) => /^[^*$]/.test(line));
  for (const key of keys) await redis.command('SET', key, '{"rubbish":');
  await more(60);
  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThanOrEqual(300);
});

/** A client that knows one address, keeps its connections and never asks twice. */
const LANES = 3;

function plainClient() {
  const pool = [...unread.keys()].flatMap((shard) => takeIds(shard, 4));
  return startLoad({
    lanes: LANES,
    wrong,
    ask: (nth) => running.ask(PRODUCTS, { variables: { ids: [pool[nth % pool.length]] } }),
  });
}

/** Ends processes one after the other, each when the one before runs again. */
async function endEach(signal: NodeJS.Signals, children: readonly Child[]): Promise<void> {
  for (const child of children) {
    const { pid, restarts } = child;
    process.kill(pid, signal);
    await waitFor(() => child.restarts > restarts && child.pid > 0 && child.pid !== pid, {
      what: `${child.name} to run again after ${signal}`,
      timeoutMs: 60_000,
    });
  }
}

const serving = (): readonly Child[] => running.graph.children.filter(({ kind }) => kind !== 'worker');

test('restarting every process, one after the other under load, loses no query of a plain client', async () => {
  const load = plainClient();
  await endEach('SIGTERM', serving());
  const { answered, failures } = await load.stop();
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(200);
}, 240_000);

test('killing a process of each subgraph under load loses no query, killing a gateway only what it held then', async () => {
  const firstOfEach = serving().filter(({ of }, index, all) => all.findIndex((child) => child.of === of) === index);
  const subgraphs = firstOfEach.filter(({ kind }) => kind === 'subgraph');
  const load = plainClient();
  await endEach('SIGKILL', subgraphs);
  expect((await load.stop()).failures).toEqual([]);

  const second = plainClient();
  await waitFor(() => second.answered() > 20, { what: 'the load' });
  await endEach(
    'SIGKILL',
    firstOfEach.filter(({ kind }) => kind === 'gateway'),
  );
  const soFar = second.answered();
  await waitFor(() => second.answered() > soFar + 20, { what: 'answers after the kill' });
  const { failures } = await second.stop();
  // A connection breaks; none is refused, and the other gateway answers the next request.
  expect(failures.filter((failure) => !/other side closed|ECONNRESET|EPIPE/.test(failure))).toEqual([]);
  expect(failures.length).toBeLessThanOrEqual(LANES);
}, 240_000);
