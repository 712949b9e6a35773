import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { explainAll } from '@weft/database';
import { bucketOfId } from '@weft/ids';
import type { SubgraphAnswer } from '@weft/subgraph';
import { subgraph } from '../src/subgraph.ts';
import { type OrdersOnAFleet, startOrders } from './orders-on-a-fleet.ts';
import { ada, fillPriceList, grace, PLACE_ORDER, productInDollars, products, unknownProduct } from './shop.ts';

let orders: OrdersOnAFleet;

beforeAll(async () => {
  orders = await startOrders('orders');
  await fillPriceList(orders);
});
afterAll(() => orders?.stop());
beforeEach(() => {
  orders.statements.length = 0;
});

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

type Lines = readonly { readonly productId: string; readonly quantity: number }[];

const place = (lines: Lines, { key = newKey(), user = ada } = {}): Promise<SubgraphAnswer> =>
  orders.call({ query: PLACE_ORDER, variables: { lines, key }, user });

const LINES: Lines = [
  { productId: products[2], quantity: 3 },
  { productId: products[0], quantity: 1 },
];

const jobOf = ({ data, errors }: SubgraphAnswer) => {
  expect(errors).toEqual([]);
  return (data as { placeOrder: { id: string; state: string } }).placeOrder;
};

async function orderOf(jobId: string): Promise<string> {
  const [row] = await orders.query<{ order_id: string }>('select order_id from orders.job where id = $1', [jobId]);
  return row?.order_id ?? '';
}

const ORDER = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      id status placedAt total
      customer { id }
      lines { quantity unitPrice product { id } }
      history { __typename at ... on OrderPlaced { lineCount } ... on ShipmentStep { status } }
    }
  }
`;

test('an order is charged by the price list and lies, with its job, in the bucket of its user', async () => {
  const job = jobOf(await place(LINES));
  const id = await orderOf(job.id);
  const { data, errors } = await orders.call({ query: ORDER, variables: { id }, user: ada });

  expect(errors).toEqual([]);
  expect(data?.order).toEqual({
    id,
    status: 'PLACED',
    placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    total: '15.47 EUR',
    customer: { id: ada.subject },
    lines: [
      { quantity: 3, unitPrice: '0.99 EUR', product: { id: products[2] } },
      { quantity: 1, unitPrice: '12.50 EUR', product: { id: products[0] } },
    ],
    history: [{ __typename: 'OrderPlaced', at: expect.any(String), lineCount: 2 }],
  });
  expect([bucketOfId(id), bucketOfId(job.id)]).toEqual([bucketOfId(ada.subject), bucketOfId(ada.subject)]);
});

test('placing costs one statement for each shard with a price and one write', async () => {
  jobOf(await place(LINES));
  const { length: statements } = orders.statements;

  expect(orders.statements.map(({ loader, server }) => [loader, server]).sort()).toEqual([
    ['placeOrder', 'primary'],
    ['priceByProduct', 'primary'],
    ['priceByProduct', 'primary'],
  ]);
  expect(statements).toBe(3);
});

test('the same key with the same input gives the same job and one order, however often it is sent', async () => {
  const key = newKey();
  const first = jobOf(await place(LINES, { key }));
  const again = jobOf(await place(LINES, { key }));

  expect(again).toEqual(first);
  expect(await orders.query('select 1 from orders.idempotency where key = $1', [key])).toHaveLength(1);
});

test('of 20 at the same moment with one key one places the order and all give its job', async () => {
  const key = newKey();
  const before = await orders.query('select id from orders.customer_order');
  const answers = await Promise.all(Array.from({ length: 20 }, () => place(LINES, { key, user: grace })));
  const jobs = answers.map(jobOf);

  expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
  expect(await orders.query('select id from orders.customer_order')).toHaveLength(before.length + 1);
  expect(await orders.query("select 1 from orders.outbox where payload->>'jobId' = $1", [jobs[0]?.id])).toHaveLength(1);
});

test('the same key with another input is an error and writes nothing', async () => {
  const key = newKey();
  jobOf(await place(LINES, { key }));
  const before = await orders.query('select id from orders.customer_order');
  const { data, errors } = await place([{ productId: products[0], quantity: 2 }], { key });

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ path: ['placeOrder'], extensions: { code: 'IDEMPOTENCY_KEY_REUSED' } }]);
  expect(await orders.query('select id from orders.customer_order')).toHaveLength(before.length);
});

test('keys of two users have nothing to do with each other', async () => {
  const key = newKey();
  const one = jobOf(await place(LINES, { key }));
  const other = jobOf(await place(LINES, { key, user: grace }));

  expect(other.id).not.toBe(one.id);
});

test('an order that was placed is given again when its product has left the price list since', async () => {
  const key = newKey();
  const { database } = orders;
  const shard = database.shardOf({ id: unknownProduct });
  await database.query(shard, "insert into orders.price values ($1, 100, 'EUR')", [unknownProduct]);
  const lines = [{ productId: unknownProduct, quantity: 1 }];
  const first = jobOf(await place(lines, { key }));
  await database.query(shard, 'delete from orders.price where product_id = $1', [unknownProduct]);

  expect(jobOf(await place(lines, { key }))).toEqual(first);
  expect((await place(lines)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', line: 1 } }]);
});

const one = (line: Partial<Lines[number]>): Lines => [{ productId: products[0], quantity: 1, ...line }];
const refused: [string, Lines, Record<string, unknown>][] = [
  ['no line', [], {}],
  ['101 lines', Array.from({ length: 101 }, () => ({ productId: products[0], quantity: 1 })), {}],
  ['a quantity of 0', one({ quantity: 0 }), { line: 1 }],
  ['a quantity of 100', one({ quantity: 100 }), { line: 1 }],
  ['a product twice', [...LINES, { productId: products[2], quantity: 1 }], { line: 3 }],
  ['a product that is not for sale', [...LINES, { productId: unknownProduct, quantity: 1 }], { line: 3 }],
  ['a product id that is none', [...LINES, { productId: 'kettle', quantity: 1 }], { line: 3 }],
  ['two currencies', [...LINES, { productId: productInDollars, quantity: 1 }], {}],
];

test.each(refused)('refuses %s, and nothing is written', async (_what, lines, extensions) => {
  const before = await orders.query('select id from orders.customer_order');
  const { data, errors } = await place(lines);

  expect(data).toBeNull();
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', ...extensions } }]);
  expect(await orders.query('select id from orders.customer_order')).toHaveLength(before.length);
});

test.each(['', ' ', 'a'.repeat(129), 'ключ'])('refuses the idempotency key %j', async (key) => {
  expect((await place(LINES, { key })).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('without a token nothing is placed or told', async () => {
  const job = jobOf(await place(LINES));
  const query = `query ($order: ID!, $job: ID!) { order(id: $order) { id } job(id: $job) { id } }`;
  const variables = { order: await orderOf(job.id), job: job.id };
  const { data, errors } = await orders.call({ query, variables });
  const placing = await orders.call({ query: PLACE_ORDER, variables: { lines: LINES, key: newKey() } });

  expect(data).toEqual({ order: null, job: null });
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  expect(placing.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test("somebody else's order and job are null, like those that do not exist", async () => {
  const job = jobOf(await place(LINES));
  const variables = { order: await orderOf(job.id), job: job.id };
  const query = /* GraphQL */ `
    query ($order: ID!, $job: ID!) {
      order(id: $order) { id }
      job(id: $job) { id }
      entities: _entities(representations: [{ __typename: "Order", id: $order }, { __typename: "Job", id: $job }]) { __typename }
    }
  `;
  const withLiterals = query
    .replaceAll('$order }', `"${variables.order}" }`)
    .replaceAll('$job }', `"${variables.job}" }`);
  const own = await orders.call({ query: withLiterals, variables, user: ada });
  const others = await orders.call({ query: withLiterals, variables, user: grace });

  expect(own.data).toMatchObject({ order: { id: variables.order }, job: { id: variables.job } });
  expect(own.data?.entities).toEqual([{ __typename: 'Order' }, { __typename: 'Job' }]);
  expect(others).toMatchObject({ data: { order: null, job: null, entities: [null, null] }, errors: [] });
});

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!, $first: Int! = 10, $after: String) {
    _entities(representations: $representations) {
      ... on User {
        id
        orders(first: $first, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
      }
    }
  }
`;

interface OrdersPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function pageOfOrders(first: number, after: string | null): Promise<OrdersPage> {
  const representations = [{ __typename: 'User', id: grace.subject }];
  const { data, errors } = await orders.call({
    query: ENTITIES,
    variables: { representations, first, after },
    user: grace,
  });
  expect(errors).toEqual([]);
  const [found] = (data as { _entities: { orders: OrdersPage }[] })._entities;
  if (found === undefined) throw new Error('no such user');
  return found.orders;
}

test("a user's orders come newest first in pages by cursor, each once", async () => {
  for (let count = 0; count < 5; count += 1) jobOf(await place(LINES, { user: grace }));
  const all = await orders.query<{ id: string }>('select id from orders.customer_order where user_id = $1', [
    grace.subject,
  ]);
  const newestFirst = all
    .map(({ id }) => BigInt(id))
    .sort((a, b) => (a < b ? 1 : -1))
    .map(String);

  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: OrdersPage = await pageOfOrders(2, after);
    seen.push(...page.edges.map(({ node }) => node.id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(newestFirst);
});

test("somebody else's orders are refused on that field, a malformed id on that user, the rest is there", async () => {
  const representations = [ada.subject, grace.subject, 'grace'].map((id) => ({ __typename: 'User', id }));
  const { data, errors } = await orders.call({ query: ENTITIES, variables: { representations }, user: grace });

  expect(data?._entities).toMatchObject([
    { id: ada.subject, orders: null },
    { orders: { edges: expect.any(Array) } },
    null,
  ]);
  expect(errors.map(({ path, extensions }) => [path?.slice(0, 2), extensions.code])).toEqual(
    expect.arrayContaining([
      [['_entities', 0], 'UNAUTHORIZED_FIELD_OR_TYPE'],
      [['_entities', 2], 'BAD_USER_INPUT'],
    ]),
  );
});

test.each([-1, 51])('a page of %d orders is refused', async (first) => {
  const representations = [{ __typename: 'User', id: grace.subject }];
  const { errors } = await orders.call({ query: ENTITIES, variables: { representations, first }, user: grace });

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('an id that is none is refused on its field, the rest is there', async () => {
  const job = jobOf(await place(LINES));
  const query = `query ($job: ID!) { order(id: "0x1") { id } job(id: $job) { id } }`;
  const { data, errors } = await orders.call({ query, variables: { job: job.id }, user: ada });

  expect(data).toEqual({ order: null, job: { id: job.id } });
  expect(errors).toMatchObject([{ path: ['order'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('every statement of the loaders reads its rows by an index', async () => {
  expect(subgraph.loaders.length).toBeGreaterThan(0);
  expect(await explainAll(orders.database, subgraph.loaders)).toEqual([]);
});

test('nothing of an order may be cached by anybody', async () => {
  const { headers } = await orders.call({ query: ORDER, variables: { id: ada.subject }, user: ada });

  expect(headers.get('cache-control')).toMatch(/no-store|private/);
});
