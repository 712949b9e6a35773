import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testFleet } from '@weft/testing';
import {
  categories,
  type Fleet,
  idOf,
  migrate,
  newestReviewsByProduct,
  type Opened,
  open,
  photosByProduct,
  productById,
  productIdBySku,
  productsByPrice,
  sqlOn,
} from './shop.ts';

let fleet: Fleet;
let shop: Opened;

/** Ten products, odd ones on shard-2. */
const products = Array.from({ length: 10 }, (_, n) => ({ id: idOf(n % 2 === 0 ? 10 + n : 600 + n, n), name: `P${n}`, price: (n * 7) % 5 }));

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-loads', shards: 2 });
  await migrate(fleet);
  for (const [index, { primary }] of fleet.shards.entries()) {
    const mine = products.filter((_, n) => n % 2 === index);
    const values = mine.map(({ id, name, price }) => `(${id}, '${id}', '${name}', 1, ${price}, '2026-01-02 03:04:05.678901+01')`);
    await sqlOn(fleet, primary, `insert into shop.product (id, sku, name, category_id, price_minor, created_at) values ${values.join(',')}`);
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
  expect(rows.map((row) => row?.name ?? null)).toEqual(['P9', 'P8', 'P7', 'P6', 'P5', 'P4', 'P3', 'P2', 'P1', 'P0', null, 'P3']);
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
