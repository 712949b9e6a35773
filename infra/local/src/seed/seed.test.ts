import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bucketOfText, EPOCH_MS } from '@weft/ids';
import type { Fleet } from '@weft/postgres';
import { testFleet } from '@weft/testing';
import { createMarketplaceDatabase, type MarketplaceDatabase, shardMap } from '../../test/seed/marketplace-database.ts';
import { createSeedPlan, demoUsers } from './plan.ts';
import { type SeedOptions, seed, seedTables } from './seed.ts';

const SCALE = 0.2;
const TABLE_NAMES = seedTables(createSeedPlan(SCALE)).map((table) => table.name);

let fleet: Fleet;
let shop: MarketplaceDatabase;

const seedShop = (options: Partial<SeedOptions> = {}) =>
  seed({ shardMap, connect: shop.connect, scale: SCALE, ...options });

beforeAll(async () => {
  fleet = await testFleet({ name: 'seed', shards: 3 });
  shop = await createMarketplaceDatabase(fleet, 'shop');
});

afterAll(() => fleet?.stop());

/** One number for the whole content of each table of a shard, whatever the order of its rows. */
async function checksums(shard: string): Promise<Record<string, string>> {
  const parts = TABLE_NAMES.map(
    (table) => `select '${table}' as name, count(*) || ':' || sum(hashtextextended(t::text, 0)) as sum from ${table} t`,
  );
  const rows = await shop.on<{ name: string; sum: string }>(shard, parts.join(' union all '));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

async function count(sql: string): Promise<number> {
  const rows = await shop.everywhere<{ n: string }>(`select count(*) as n from ${sql}`);
  return rows.reduce((sum, { n }) => sum + Number(n), 0);
}

test('a seed that is stopped half-way leaves no row on any shard', async () => {
  const stop = new AbortController();
  const stopped = seedShop({
    signal: stop.signal,
    onProgress: ({ table }) => table === 'reviews.review' && stop.abort(new Error('stopped by the test')),
  });
  await expect(stopped).rejects.toThrow('stopped by the test');
  for (const table of TABLE_NAMES) expect([table, await count(table)]).toEqual([table, 0]);
});

test('the progress grows from nothing to the whole', async () => {
  const done: number[] = [];
  const report = await seedShop({ onProgress: (progress) => done.push(progress.done) });
  expect(report).toMatchObject({ state: 'seeded', scale: SCALE });
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(done.at(-1)).toBeCloseTo(1, 1);
});

test('as many users, products, reviews and orders as the scale says', async () => {
  expect(await count('accounts.account')).toBe(1_000);
  expect(await count('products.product')).toBe(400);
  expect(await count('reviews.review')).toBe(4_000);
  expect(await count('orders.customer_order')).toBe(2_000);
  expect(await count('products.category where slug = $$garden-tools$$')).toBe(shardMap.shards.length);
  expect(createSeedPlan(1)).toMatchObject({ users: 5_000, products: 2_000, reviews: 20_000, orders: 10_000 });
  expect(createSeedPlan(100)).toMatchObject({ reviews: 2_000_000 });
});

test('a second run keeps what is there and what was written since; another scale is refused', async () => {
  await shop.on('shard-2', "update accounts.account set email = 'changed@example.org' where username = 'grace'");
  expect(await seedShop()).toMatchObject({ state: 'kept', scale: SCALE, rows: {} });
  expect(await seedShop({ scale: undefined })).toMatchObject({ state: 'kept', scale: SCALE });
  await expect(seedShop({ scale: 3 })).rejects.toThrow('seeded at scale 0.2, and scale 3 was asked for');
  expect(await count("accounts.account where email = 'changed@example.org'")).toBe(1);
});

test('data of a version that kept no empty ratings gets them', async () => {
  await shop.on(
    'shard-1',
    `insert into products.product select 1, 'NEW', name, description, price_minor, currency, weight_grams, category_id, parcel_class, in_stock
     from products.product limit 1`,
  );
  expect(await seedShop()).toMatchObject({ state: 'kept' });
  expect(
    await shop.on('shard-1', 'delete from reviews.product_rating where product_id = 1 returning review_count'),
  ).toEqual([{ review_count: '0' }]);
  await shop.on('shard-1', 'delete from products.product where id = 1');
});

test('a seed that ended between two shards begins anew, and gives the same rows on every shard', async () => {
  await shop.on('shard-2', "update accounts.account set email = 'grace@example.org' where username = 'grace'");
  const before = await Promise.all(shardMap.shards.map(checksums));
  await shop.on('shard-3', `truncate weft.seed, ${TABLE_NAMES.join(', ')}`);
  await shop.on('shard-1', 'update reviews.review set rating = 1');
  expect(await seedShop()).toMatchObject({ state: 'seeded' });
  expect(await Promise.all(shardMap.shards.map(checksums))).toEqual(before);
});

test('every row lies on the shard of its bucket, and a child in the bucket of its parent', async () => {
  const ranges = { 'shard-1': [0, 341], 'shard-2': [342, 682], 'shard-3': [683, 1023] };
  const keys = {
    'accounts.account': 'id',
    'products.product': 'id',
    'orders.price': 'product_id',
    'inventory.stock': 'product_id',
    'reviews.review': 'id',
    'reviews.product_rating': 'product_id',
    'reviews.review_by_author': 'author_id',
    'orders.customer_order': 'id',
    'orders.order_line': 'order_id',
    'orders.shipment_step': 'order_id',
    'orders.job': 'order_id',
  };
  for (const [shard, [low, high]] of Object.entries(ranges))
    for (const [table, key] of Object.entries(keys)) {
      const [row] = await shop.on<{ astray: string; rows: string }>(
        shard,
        `select count(*) filter (where (${key} >> 12) & 1023 not between ${low} and ${high}) as astray, count(*) as rows from ${table}`,
      );
      expect([shard, table, Number(row?.astray), Number(row?.rows) > 0]).toEqual([shard, table, 0, true]);
    }
  const bucket = (column: string) => `(${column} >> 12) & 1023`;
  expect(await count(`reviews.review where ${bucket('id')} <> ${bucket('product_id')}`)).toBe(0);
  expect(await count(`orders.customer_order where ${bucket('id')} <> ${bucket('user_id')}`)).toBe(0);
  expect(await count(`accounts.address where ${bucket('id')} <> ${bucket('user_id')}`)).toBe(0);
});

test('a natural key is found on the shard of its text', async () => {
  for (const shard of shardMap.shards) {
    const keys = await shop.on<{ key: string }>(
      shard,
      'select username as key from accounts.username_lookup union all select sku from products.sku_lookup',
    );
    expect(keys.map(({ key }) => shardMap.shardOfBucket(bucketOfText(key)))).toEqual(keys.map(() => shard));
  }
  const pairs = async (sql: string) => (await shop.everywhere<{ pair: string }>(sql)).map(({ pair }) => pair).sort();
  expect(await pairs("select username || ' ' || user_id as pair from accounts.username_lookup")).toEqual(
    await pairs("select username || ' ' || id as pair from accounts.account"),
  );
  expect(await pairs("select sku || ' ' || product_id as pair from products.sku_lookup")).toEqual(
    await pairs("select sku || ' ' || id as pair from products.product"),
  );
});

test('totals and second paths say what the rows say', async () => {
  const differing = `(select product_id, sum(rating) as rating_sum, count(*) as review_count from reviews.review
    group by product_id) a full join reviews.product_rating b using (product_id)
    where (coalesce(a.rating_sum, 0), coalesce(a.review_count, 0)) is distinct from (b.rating_sum, b.review_count)`;
  expect(await count(differing)).toBe(0);
  // A product without a review has a rating too, or nobody could write its first one.
  expect(
    await count(
      'products.product full join reviews.product_rating on id = product_id where id is null or product_id is null',
    ),
  ).toBe(0);
  const pairs = async (sql: string) => (await shop.everywhere<{ pair: string }>(sql)).map(({ pair }) => pair).sort();
  expect(await pairs("select author_id || ' ' || review_id as pair from reviews.review_by_author")).toEqual(
    await pairs("select author_id || ' ' || id as pair from reviews.review"),
  );
  expect(
    await count('products.product join orders.price p on p.product_id = id and p.price_minor = product.price_minor'),
  ).toBe(400);
  const wrongTotals = `orders.customer_order o where total_minor <>
    (select sum(quantity * unit_price_minor) from orders.order_line where order_id = o.id)`;
  expect(await count(wrongTotals)).toBe(0);
  const wrongStatus = `orders.customer_order o where status <>
    coalesce((select status from orders.shipment_step where order_id = o.id order by at desc limit 1), 'PLACED')`;
  expect(await count(wrongStatus)).toBe(0);
  expect(await count("orders.customer_order where status = 'SHIPPED'")).toBeGreaterThan(1_700);
});

test('every order has the job that placing it gave, as far as the order is', async () => {
  expect(await count('orders.job')).toBe(2_000);
  const wrong = `orders.customer_order o full join orders.job j on j.order_id = o.id
    where j.user_id is distinct from o.user_id or j.created_at is distinct from o.placed_at or (j.id >> 3) is distinct from (o.id >> 3)
    or j.state <> case o.status when 'SHIPPED' then 'DONE' when 'PLACED' then 'QUEUED' else 'RUNNING' end
    or j.finished_at is distinct from (select at from orders.shipment_step where order_id = o.id and status = 'SHIPPED')`;
  expect(await count(wrong)).toBe(0);
});

test('ids are of the moment of their row, and are unique in the whole marketplace', async () => {
  const off = (column: string) => `abs(extract(epoch from ${column}) * 1000 - ((id >> 22) + ${EPOCH_MS})) > 0`;
  expect(await count(`reviews.review where ${off('created_at')}`)).toBe(0);
  expect(await count(`orders.customer_order where ${off('placed_at')}`)).toBe(0);
  expect(await count(`accounts.account where ${off('member_since')}`)).toBe(0);
  const ids = await shop.everywhere<{ id: string }>(
    `select id from accounts.account union all select id from accounts.address union all select id from products.product
     union all select id from reviews.review union all select id from orders.customer_order union all select id from orders.job`,
  );
  expect(new Set(ids.map(({ id }) => id)).size).toBe(ids.length);
});

test('a few products have most of the reviews, a few authors write most, and nobody reviews a product twice', async () => {
  const perProduct = await shop.everywhere<{ n: string }>('select review_count as n from reviews.product_rating');
  const counts = perProduct.map(({ n }) => Number(n)).sort((a, b) => b - a);
  const top = counts.slice(0, 40).reduce((sum, n) => sum + n, 0);
  expect(top / 4_000).toBeGreaterThan(0.5); // a tenth of the products
  expect(counts[200]).toBeLessThan(8);
  const perAuthor = await shop.everywhere<{ n: string }>(
    'select count(*) as n from reviews.review_by_author group by author_id order by 1 desc limit 1',
  );
  expect(Math.max(...perAuthor.map(({ n }) => Number(n)))).toBeGreaterThan(40); // the mean is 4
  expect(await count('(select from reviews.review group by product_id, author_id having count(*) > 1) twice')).toBe(0);
});

test('ada and grace have the same ids at every scale, with addresses, orders and reviews of their own', async () => {
  for (const { username, id } of demoUsers()) {
    expect(await count(`accounts.account where id = ${id} and username = '${username}'`)).toBe(1);
    expect(await count(`accounts.address where user_id = ${id}`)).toBe(2);
    expect(await count(`orders.customer_order where user_id = ${id}`)).toBeGreaterThan(5);
    expect(await count(`reviews.review_by_author where author_id = ${id}`)).toBeGreaterThan(20);
  }
  expect(demoUsers().map(({ id }) => id)).toEqual(['362387865620480', '362387872350208']);
});

test('the product that sample operations name is there', async () => {
  expect(await count("products.product where id = 724775731609602 and sku = 'BE-00000'")).toBe(1);
  expect(
    await count("products.product p join products.category c on c.id = category_id where slug = 'garden-tools'"),
  ).toBeGreaterThan(60);
});

test('the job that a sample operation names is of the first order of ada', async () => {
  const [ada] = demoUsers();
  expect(await count(`orders.job where id = 36963562291220487 and user_id = ${ada?.id} and state = 'DONE'`)).toBe(1);
});

test('rows that the seed did not write are never deleted', async () => {
  for (const shard of shardMap.shards) await shop.on(shard, 'truncate weft.seed');
  await expect(seedShop()).rejects.toThrow(/accounts\.account on shard-1 has rows that the seed did not write/);
  expect(await count('accounts.account')).toBe(1_000);
});

test('ten times the rows need no more memory: they are made while they are sent', async () => {
  const peakMiB = async (scale: number) => {
    const database = await createMarketplaceDatabase(fleet, `scale_${scale * 10}`);
    const script = fileURLToPath(new URL('../../test/seed/seed-child.ts', import.meta.url));
    const flags = ['--conditions=weft-source', '--disable-warning=ExperimentalWarning', '--expose-gc'];
    const urls = JSON.stringify(database.urls);
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, String(scale), urls]);
    return Number(stdout);
  };
  const small = await peakMiB(0.3);
  const large = await peakMiB(3);
  // to keep only the lines of one table at a time would add more than ten
  expect(large - small).toBeLessThan(3);
});
