import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { testFleet } from '@weft/testing';
import fc from 'fast-check';
import { checkStatements, explainAll, type Page, toConnection } from '../src/index.ts';
import {
  type Fleet,
  idOf,
  loaders,
  migrate,
  newestReviewsByProduct,
  type Opened,
  open,
  productsByPrice,
  sqlOn,
} from './shop.ts';

let fleet: Fleet;
let shop: Opened;

interface Product {
  readonly id: string;
  readonly price: number;
}
interface Review {
  readonly id: string;
  readonly product: string;
}

/** Prices repeat, so that pages end between rows of one price. */
const products: Product[] = Array.from({ length: 60 }, (_, n) => ({ id: idOf((n * 331) % 1_024, n), price: n % 4 }));
/** The first product has many reviews, the last ones none; ids of one product are of its bucket. */
const reviews: Review[] = products.slice(0, 12).flatMap(({ id }, n) =>
  Array.from({ length: Math.floor(80 / (n + 1)) }, (_, m) => ({
    id: idOf((n * 331) % 1_024, 1_000 + m * 13 + n),
    product: id,
  })),
);

const byIdDescending = (a: Review, b: Review): number => (BigInt(a.id) > BigInt(b.id) ? -1 : 1);
const byPriceAndId = (a: Product, b: Product): number => a.price - b.price || (BigInt(a.id) < BigInt(b.id) ? -1 : 1);

beforeAll(async () => {
  fleet = await testFleet({ name: 'database-pages', shards: 2 });
  await migrate(fleet);
  shop = open(fleet);
  for (const shard of shop.database.shards) {
    const isMine = ({ id }: { id: string }): boolean => shop.database.shardOf({ id }) === shard;
    const productRows = products.filter(isMine).map(({ id, price }) => `(${id}, '${id}', 'P', 1, ${price})`);
    await shop.database.query(
      shard,
      `insert into shop.product (id, sku, name, category_id, price_minor) values ${productRows.join(',')}`,
    );
    const reviewRows = reviews.filter(isMine).map(({ id, product }) => `(${id}, ${product}, 5, 'good')`);
    await shop.database.query(shard, `insert into shop.review values ${reviewRows.join(',')}`);
  }
});
beforeEach(() => void shop.statements());
afterAll(async () => {
  await shop?.database.stop();
  await fleet?.stop();
});

test('newest N of many parents are what sorting all rows would give, whatever N and cursor each parent has', async () => {
  const request = fc.record({
    product: fc.integer({ min: 0, max: products.length - 1 }),
    first: fc.integer({ min: 0, max: 20 }),
    afterRow: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), async (requests) => {
      const session = shop.database.begin();
      const [all] = await Promise.all([
        session.top(newestReviewsByProduct, { parent: products[0]?.id ?? '', first: 1 }),
      ]);
      shop.statements();
      const pages = await Promise.all(
        requests.map(({ product, first, afterRow }) => {
          const parent = products[product]?.id ?? '';
          const sorted = reviews.filter((review) => review.product === parent).sort(byIdDescending);
          const after = afterRow === undefined ? undefined : sorted[afterRow];
          const rest = after === undefined ? sorted : sorted.slice(sorted.indexOf(after) + 1);
          const cursor = after === undefined ? null : all.cursorOf({ ...after, product_id: '', rating: 1, body: '' });
          const loading = session.top(newestReviewsByProduct, { parent, first, after: cursor });
          return loading.then((page) => ({ page, rest, first }));
        }),
      );
      for (const { page, rest, first } of pages) {
        expect(page.rows.map(({ id }) => id)).toEqual(rest.slice(0, first).map(({ id }) => id));
        expect(page.hasNextPage).toBe(rest.length > first);
      }
      expect(shop.statements().length).toBeLessThanOrEqual(2);
    }),
    { numRuns: 40 },
  );
});

test('a connection pages through every row once, with cursors made only when they are read', async () => {
  const parent = products[0]?.id ?? '';
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page<{ id: string }> = await shop.database
      .begin()
      .top(newestReviewsByProduct, { parent, first: 7, after });
    const { edges, pageInfo } = toConnection(page, ({ id }) => id);
    seen.push(...edges.map(({ node }) => node));
    expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor);
    if (!pageInfo.hasNextPage) break;
    after = pageInfo.endCursor;
  }
  expect(seen).toEqual(
    reviews
      .filter(({ product }) => product === parent)
      .sort(byIdDescending)
      .map(({ id }) => id),
  );
});

test('a scatter gives one order over all shards: every page size walks the same list', async () => {
  const sorted = [...products].sort(byPriceAndId).map(({ id }) => id);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 25 }),
      fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }),
      async (first, minPrice) => {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const args = { categoryId: '1', minPrice: minPrice === null ? null : String(minPrice) };
          const page: Page<{ id: string }> = await shop.database
            .begin()
            .scatter(productsByPrice, args, { first, after });
          seen.push(...page.rows.map(({ id }) => id));
          const last = page.rows.at(-1);
          after = page.hasNextPage && last !== undefined ? page.cursorOf(last) : null;
        } while (after !== null);
        const wanted = sorted.filter(
          (id) => (products.find((product) => product.id === id)?.price ?? 0) >= (minPrice ?? 0),
        );
        expect(seen).toEqual(wanted);
      },
    ),
    { numRuns: 15 },
  );
});

test('rows that lie on another shard, because their bucket is on its way, are in no page twice', async () => {
  const [first, second] = shop.database.shards;
  if (first === undefined || second === undefined) throw new Error('no shards');
  const moving = products.filter(({ id }) => shop.database.shardOf({ id }) === first).slice(0, 20);
  // Some that are deleted where they belong, and not yet where they were.
  const ghosts = Array.from({ length: 10 }, (_, n) => ({ id: idOf(0, 5_000 + n), price: 0 }));
  const rows = [...moving, ...ghosts].map(({ id, price }) => `(${id}, '${id}', 'P', 1, ${price})`);
  await shop.database.query(
    second,
    `insert into shop.product (id, sku, name, category_id, price_minor) values ${rows.join(',')}`,
  );
  try {
    const expected = [...products].sort(byPriceAndId).map(({ id }) => id);
    for (const size of [1, 3, 7, 50]) {
      const walked: string[] = [];
      let after: string | null = null;
      for (;;) {
        const page: Page<{ id: string }> = await shop.database
          .begin()
          .scatter(productsByPrice, { categoryId: '1' }, { first: size, after });
        walked.push(...page.rows.map(({ id }) => id));
        const last = page.rows.at(-1);
        if (!page.hasNextPage || last === undefined) break;
        after = page.cursorOf(last);
      }
      expect([size, walked]).toEqual([size, expected]);
    }
  } finally {
    const ids = [...moving, ...ghosts].map(({ id }) => id).join(',');
    await shop.database.query(second, `delete from shop.product where id in (${ids})`);
  }
});

test('a scatter costs one statement a shard, and one text for each set of arguments', async () => {
  const session = shop.database.begin();
  await session.scatter(productsByPrice, { categoryId: '1' }, { first: 5 });
  await session.scatter(productsByPrice, { categoryId: '2', minPrice: null }, { first: 9 });
  await session.scatter(productsByPrice, { categoryId: '1', minPrice: '2' }, { first: 5 });
  const statements = shop.statements();
  expect(statements).toHaveLength(6);
  expect(new Set(statements.map(({ sql }) => sql)).size).toBe(2);
});

test('a cursor that was changed, made up or made for another list is BAD_USER_INPUT', async () => {
  const session = shop.database.begin();
  const parent = products[0]?.id ?? '';
  const top = await session.top(newestReviewsByProduct, { parent, first: 1 });
  const scattered = await session.scatter(productsByPrice, { categoryId: '1' }, { first: 1 });
  const [review, product] = [top.rows[0], scattered.rows[0]];
  if (review === undefined || product === undefined) throw new Error('no rows');
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const name = 'newestReviewsByProduct';
  const wrong = [
    '',
    'x',
    `${top.cursorOf(review)}=`,
    scattered.cursorOf(product),
    encode(['reviewsOfAnotherList', '5']),
    encode([name]),
    encode([name, 5]),
    encode([name, '5', '6']),
    encode([name, '05']),
    encode([name, '9223372036854775808']),
    encode([name, '1; drop table shop.review']),
    encode({ name, id: '5' }),
    'A'.repeat(10_000),
  ];
  shop.statements();
  for (const after of wrong) {
    await expect(session.top(newestReviewsByProduct, { parent, first: 1, after })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  }
  await expect(
    session.scatter(productsByPrice, { categoryId: '1' }, { first: 1, after: top.cursorOf(review) }),
  ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  for (const first of [-1, 51, 1.5, Number.NaN]) {
    await expect(session.top(newestReviewsByProduct, { parent, first })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
    await expect(session.scatter(productsByPrice, { categoryId: '1' }, { first })).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  }
  expect(shop.statements()).toEqual([]);
});

test('every statement of the loaders has an index for its access key, and a dropped index is told', async () => {
  checkStatements(loaders);
  expect(await explainAll(shop.database, loaders)).toEqual([]);
  const [shard] = fleet.shards;
  if (shard === undefined) throw new Error('no shard');
  await sqlOn(fleet, shard.primary, 'drop index shop.review_product');
  await sqlOn(fleet, shard.primary, 'drop index shop.product_category_price');
  const problems = await explainAll(shop.database, loaders);
  expect(problems.map(({ loader, shard: name }) => [loader, name])).toEqual(
    expect.arrayContaining([
      ['newestReviewsByProduct', 'shard-1'],
      ['productsByPrice', 'shard-1'],
    ]),
  );
  expect(problems.every(({ shard: name }) => name === 'shard-1')).toBe(true);
  expect(problems.map(({ reason }) => reason).join('\n')).toMatch(
    /no index serves product_id.*no index serves category_id/s,
  );
  await sqlOn(fleet, shard.primary, 'create index review_product on shop.review (product_id, id desc)');
  await sqlOn(
    fleet,
    shard.primary,
    'create index product_category_price on shop.product (category_id, price_minor, id)',
  );
  expect(await explainAll(shop.database, loaders)).toEqual([]);
});
