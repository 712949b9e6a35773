import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { explainAll, type StatementRecord } from '@weft/database';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet, waitFor } from '@weft/testing';
import { type ProductsTables, subgraph } from '../src/index.ts';
import { aProduct, BUCKET_OF, productId, stockShelves } from './shop.ts';

type Fleet = Awaited<ReturnType<typeof testFleet>>;

let fleet: Fleet;
let running: SubgraphOnFleet<ProductsTables>;
const statements: StatementRecord[] = [];

const BUCKETS = Object.values(BUCKET_OF);
/** 30 products on each shard, with prices that are mixed over the shards. */
const PRODUCTS = Array.from({ length: 90 }, (_, n) =>
  aProduct(productId(BUCKETS[n % 3] ?? 0, 1 + Math.floor(n / 3)), {
    price_minor: String(100 + ((n * 37) % 90)),
    category_id: n === 0 ? '2' : '1',
  }),
);
const idAt = (index: number) => PRODUCTS[index]?.id ?? '';

beforeAll(async () => {
  fleet = await testFleet({ name: 'products' });
  running = await startOnFleet(subgraph, fleet, { onStatement: (statement) => void statements.push(statement) });
  await stockShelves(running, PRODUCTS);
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

beforeEach(() => {
  statements.length = 0;
});

const entities = (selection: string) =>
  `query Entities($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;
const byId = (ids: readonly string[]) => ({ representations: ids.map((id) => ({ __typename: 'Product', id })) });

test('an entity has every field of its row, its money and its category', async () => {
  const [row] = PRODUCTS;
  const { data, errors } = await running.call({
    query: entities(
      '... on Product { id sku name description price weight inStock parcelClass category { slug name } }',
    ),
    variables: byId([idAt(0)]),
  });
  expect(errors).toEqual([]);
  expect(data).toEqual({
    _entities: [
      {
        ...{ id: row?.id, sku: row?.sku, name: row?.name, description: 'Good.', price: '1.00 EUR', weight: 900 },
        ...{ inStock: true, parcelClass: 'PARCEL', category: { slug: 'books', name: 'Books' } },
      },
    ],
  });
});

test('a batch costs one statement for each shard it touches, whether it asks for 3, 30 or 90 entities', async () => {
  const counts: number[] = [];
  for (const size of [3, 30, 90]) {
    // Another copy each time: the first one has the rows in its cache by then.
    const seen: StatementRecord[] = [];
    const copy = await running.startCopy({ onStatement: (statement) => void seen.push(statement) });
    const ids = PRODUCTS.slice(0, size).map(({ id }) => id);
    const { data } = await copy.call({ query: entities('... on Product { id name }'), variables: byId(ids) });
    expect(data?._entities).toEqual(PRODUCTS.slice(0, size).map(({ id, name }) => ({ id, name })));
    counts.push(seen.filter(({ loader }) => loader === 'productById').length);
    await copy.stop();
  }
  expect(counts).toEqual([3, 3, 3]);
});

test('rows that were read before come from the cache', async () => {
  const call = () => running.call({ query: entities('... on Product { id }'), variables: byId([idAt(3), idAt(4)]) });
  await call();
  statements.length = 0;
  await call();
  expect(statements).toEqual([]);
});

test('a product is found by its id and by its sku, in the query and as an entity', async () => {
  const [row] = PRODUCTS;
  const { data, errors } = await running.call({
    query: `query($id: ID!, $sku: String!, $representations: [_Any!]!) {
      product(id: $id) { id } productBySku(sku: $sku) { id } _entities(representations: $representations) { ... on Product { id } }
    }`,
    variables: { id: row?.id, sku: row?.sku, representations: [{ __typename: 'Product', sku: row?.sku }] },
  });
  expect(errors).toEqual([]);
  expect(data).toEqual({ product: { id: row?.id }, productBySku: { id: row?.id }, _entities: [{ id: row?.id }] });
});

test('a sku that the lookup knows but the product does not have any more finds nothing', async () => {
  const { database } = running;
  const row = ['OLD-SKU', idAt(7)];
  await database.query(database.shardOf({ text: 'OLD-SKU' }), 'insert into products.sku_lookup values ($1, $2)', row);
  const { data } = await running.call({ query: '{ productBySku(sku: "OLD-SKU") { id } }' });
  expect(data).toEqual({ productBySku: null });
});

test('what is not there is null, and a malformed id is an error at its own place', async () => {
  const gone = productId(BUCKET_OF['shard-2'], 4_000);
  const { status, data, errors } = await running.call({
    query: `query($ids: [ID!]!, $representations: [_Any!]!) {
      products(ids: $ids) { id } unknown: productBySku(sku: "no such") { id } wrong: product(id: "12x") { id }
      _entities(representations: $representations) { ... on Product { id } ... on Category { slug } }
    }`,
    variables: {
      ids: [idAt(1), gone, '0', idAt(2)],
      representations: [
        ...byId([gone, 'x', idAt(5)]).representations,
        { __typename: 'Product' },
        { __typename: 'Category', id: '2' },
        { __typename: 'Category', id: '99' },
      ],
    },
  });
  expect(status).toBe(200);
  expect(data).toEqual({
    products: [{ id: idAt(1) }, null, null, { id: idAt(2) }],
    ...{ unknown: null, wrong: null },
    _entities: [null, null, { id: idAt(5) }, null, { slug: 'books' }, null],
  });
  const found = errors.map(({ path, extensions }) => [path?.join('.'), extensions.code]).sort();
  expect(found).toEqual([
    ['_entities.1', 'BAD_USER_INPUT'],
    ['_entities.3', 'BAD_USER_INPUT'],
    ['products.2', 'BAD_USER_INPUT'],
    ['wrong', 'BAD_USER_INPUT'],
  ]);
});

test('a shelf that has not arrived on the shard yet is null, and its products are there', async () => {
  const row = aProduct(productId(BUCKET_OF['shard-1'], 3_000), { category_id: '77' });
  await stockShelves(running, [row], []);
  const { data, errors } = await running.call({
    query: 'query($id: ID!) { product(id: $id) { sku category { slug } } }',
    variables: { id: row.id },
  });
  expect([data, errors]).toEqual([{ product: { sku: row.sku, category: null } }, []]);
});

test('more than 100 ids at once are refused', async () => {
  const { errors } = await running.call({
    query: 'query($ids: [ID!]!) { products(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 101 }, () => idAt(0)) },
  });
  expect(errors).toEqual([
    expect.objectContaining({ extensions: expect.objectContaining({ code: 'BAD_USER_INPUT' }) }),
  ]);
});

const SEARCH = `query($category: String! = "garden-tools", $min: Money, $max: Money, $first: Int! = 20, $after: String) {
  searchProducts(category: $category, minPrice: $min, maxPrice: $max, first: $first, after: $after) {
    edges { cursor node { id price } } pageInfo { hasNextPage endCursor }
  }
}`;
interface Found {
  readonly searchProducts: {
    readonly edges: readonly {
      readonly cursor: string;
      readonly node: { readonly id: string; readonly price: string };
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

async function search(variables: Record<string, unknown>) {
  const { data, errors } = await running.call({ query: SEARCH, variables });
  return { page: (data as Found | null | undefined)?.searchProducts, errors };
}

test('search pages through all shards, cheapest first, and gives every product once', async () => {
  const expected = PRODUCTS.slice(1)
    .sort((a, b) => Number(a.price_minor) - Number(b.price_minor) || (BigInt(a.id) < BigInt(b.id) ? -1 : 1))
    .map(({ id }) => id);
  const ids: string[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const { page } = await search({ after });
    ids.push(...(page?.edges ?? []).map(({ node }) => node.id));
    expect(page?.pageInfo.endCursor).toBe(page?.edges.at(-1)?.cursor);
    after = page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    pages += 1;
  } while (after !== null);
  expect(ids).toEqual(expected);
  expect(pages).toBe(5);
});

test('a bound that no price can be at is the fault of the caller', async () => {
  for (const [bounds, message] of [
    [{ min: '-0.01 EUR' }, 'minPrice must not be negative.'],
    [{ min: '1.00 EUR', max: '-1.00 EUR' }, 'maxPrice must not be negative.'],
    [{ max: '1.00 XXZ' }, 'maxPrice is in XXZ, which is no currency that is known here.'],
  ] as const) {
    const { errors } = await search(bounds);
    expect(errors).toMatchObject([{ message, path: ['searchProducts'], extensions: { code: 'BAD_USER_INPUT' } }]);
  }
  const { page, errors } = await search({ min: '0.00 EUR', max: '0.00 EUR' });
  expect([page?.edges, errors]).toEqual([[], []]);
});

test('a price range takes both bounds, and only products of its currency', async () => {
  const { page } = await search({ min: '1.10 EUR', max: '1.12 EUR' });
  expect(page?.edges.map(({ node }) => node.price)).toEqual(['1.10 EUR', '1.11 EUR', '1.12 EUR']);
  expect((await search({ min: '1.10 USD' })).page?.edges).toEqual([]);
  expect((await search({ min: '1.10 USD', max: '1.20 EUR' })).errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('an unknown category is an empty page; a foreign cursor, a page too large and malformed money are refused', async () => {
  const empty = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
  expect((await search({ category: 'no-such' })).page).toEqual(empty);
  for (const variables of [{ after: 'rubbish' }, { first: 101 }, { first: -1 }, { min: '12,90 EUR' }]) {
    const { errors } = await search(variables);
    expect([variables, errors.map(({ extensions }) => extensions.code)]).toEqual([variables, ['BAD_USER_INPUT']]);
  }
});

test('categories come by name, and their answer may be kept for five minutes', async () => {
  const { data, headers } = await running.call({ query: '{ categories { slug } }' });
  expect(data).toEqual({ categories: [{ slug: 'books' }, { slug: 'garden-tools' }] });
  expect(headers.get('cache-control')).toBe('max-age=300, public');
});

test('every statement of every loader has an index for its keys', async () => {
  expect(await explainAll(running.database, subgraph.loaders)).toEqual([]);
});

test('a shard that is down fails its own entities and no other, and they come back with it', async () => {
  const server = fleet.shards[1]?.primary;
  if (server === undefined) throw new Error('no second shard');
  // Ids that no test has read, so that no cache has them.
  const ids = [60, 61, 62].map(idAt);
  const ask = () => running.call({ query: entities('... on Product { id }'), variables: byId(ids) });
  await fleet.kill(server);
  const { status, data, errors } = await ask();
  expect(status).toBe(200);
  expect(data).toEqual({ _entities: [{ id: ids[0] }, null, { id: ids[2] }] });
  expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
    [['_entities', 1], 'SHARD_UNAVAILABLE'],
  ]);
  expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|postgres|shard-2|select/i);
  expect((await fetch(`${running.service.url}/health/ready`)).status).toBe(200);
  await fleet.start(server);
  const back = await waitFor(async () => (await ask()).errors.length === 0 && (await ask()).data, {
    what: 'the shard',
  });
  expect(back).toEqual({ _entities: ids.map((id) => ({ id })) });
});
