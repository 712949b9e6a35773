import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainAll, type StatementRecord } from '@weft/database';
import { composeId } from '@weft/ids';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import { type InventoryTables, subgraph } from '../src/index.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<InventoryTables>;
const statements: StatementRecord[] = [];

const [stocked, soldOut, unknown] = [5, 500, 1_000].map((bucket) => composeId({ ms: 1_000, bucket, sequence: 1 }));
const WAREHOUSES = [
  { id: '1', name: 'Berlin', country: 'DE' },
  { id: '2', name: 'Aachen', country: 'DE' },
];

beforeAll(async () => {
  fleet = await testFleet({ name: 'inventory' });
  running = await startOnFleet(subgraph, fleet, { onStatement: (statement) => void statements.push(statement) });
  const { database } = running;
  for (const shard of database.shards) {
    for (const { id, name, country } of WAREHOUSES) {
      await database.query(shard, 'insert into inventory.warehouse values ($1, $2, $3)', [id, name, country]);
    }
  }
  for (const [product = '', warehouse, quantity] of [
    [stocked, '1', 0],
    [stocked, '2', 7],
    [soldOut, '1', 0],
  ] as const) {
    const shard = database.shardOf({ id: product });
    await database.query(shard, 'insert into inventory.stock values ($1, $2, $3)', [product, warehouse, quantity]);
  }
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

async function ask(selection: string, ...products: readonly object[]) {
  const query = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { ${selection} } } }`;
  const representations = products.map((product) => ({ __typename: 'Product', ...product }));
  return running.call({ query, variables: { representations } });
}
const codes = ({ errors }: Awaited<ReturnType<typeof ask>>) =>
  errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`);

test('stock and inStock of all products are one load, a statement a shard', async () => {
  statements.length = 0;
  const { data, errors, headers } = await ask(
    'inStock stock { quantity warehouse { name country } }',
    ...[stocked, soldOut, unknown].map((id) => ({ id })),
  );
  expect(errors).toEqual([]);
  const [berlin, aachen] = WAREHOUSES.map(({ name, country }) => ({ name, country }));
  expect(data?._entities).toEqual([
    {
      inStock: true,
      stock: [
        { quantity: 0, warehouse: berlin },
        { quantity: 7, warehouse: aachen },
      ],
    },
    { inStock: false, stock: [{ quantity: 0, warehouse: berlin }] },
    { inStock: false, stock: [] },
  ]);
  expect(statements.filter(({ loader }) => loader === 'stockByProduct')).toHaveLength(3);
  expect(headers.get('cache-control')).toBe('max-age=10, public');
});

test('shipping costs by weight and zone, is free from 100.00 EUR, and null where we do not ship', async () => {
  const product = { id: stocked, price: '12.90 EUR', weight: 1_200 };
  const { data, errors } = await ask(
    'home: shippingEstimate near: shippingEstimate(country: "FR") none: shippingEstimate(country: "XX")',
    product,
    { ...product, price: '100.00 EUR' },
    { ...product, price: '12.90 USD' },
  );
  expect(errors).toEqual([]);
  expect(data?._entities).toEqual([
    { home: '4.90 EUR', near: '9.30 EUR', none: null },
    { home: '0.00 EUR', near: '0.00 EUR', none: null },
    { home: null, near: null, none: null },
  ]);
});

test('delivery takes longer for what is bulky', async () => {
  const { data } = await ask(
    'deliveryDays none: deliveryDays(country: "XX")',
    { id: stocked, parcelClass: 'LETTER' },
    { id: stocked, parcelClass: 'BULKY' },
  );
  expect(data?._entities).toEqual([
    { deliveryDays: 2, none: null },
    { deliveryDays: 4, none: null },
  ]);
});

test('what is malformed is an error on its own field', async () => {
  const product = { id: stocked, price: '12.90 EUR', weight: 1_200, parcelClass: 'LETTER' };
  expect(codes(await ask('id shippingEstimate(country: "germany")', product))).toEqual([
    '_entities.0.shippingEstimate BAD_USER_INPUT',
  ]);
  expect(
    codes(await ask('id shippingEstimate deliveryDays', { ...product, price: 12.9, parcelClass: 'SMALL' })),
  ).toEqual(['_entities.0.shippingEstimate BAD_USER_INPUT', '_entities.0.deliveryDays BAD_USER_INPUT']);
  const { data, ...answer } = await ask('id inStock', { id: 'x' }, { id: stocked });
  expect(data?._entities).toEqual([null, { id: stocked, inStock: true }]);
  expect(codes({ data, ...answer })).toEqual(['_entities.0 BAD_USER_INPUT']);
});

test('warehouses are the same from every shard, by name, and entities by id', async () => {
  const { data } = await running.call({
    query: `query($representations: [_Any!]!) { warehouses { name } _entities(representations: $representations) { ... on Warehouse { name } } }`,
    variables: {
      representations: [
        { __typename: 'Warehouse', id: '1' },
        { __typename: 'Warehouse', id: '9' },
      ],
    },
  });
  expect(data).toEqual({ warehouses: [{ name: 'Aachen' }, { name: 'Berlin' }], _entities: [{ name: 'Berlin' }, null] });
});

test('every statement of every loader has an index for its keys', async () => {
  expect(await explainAll(running.database, subgraph.loaders)).toEqual([]);
});

test('a hung shard nulls the stock of its products; what needs no shard is answered', async () => {
  const server = fleet.shards[1]?.primary;
  if (server === undefined) throw new Error('no second shard');
  await fleet.pause(server);
  try {
    const product = { price: '12.90 EUR', weight: 500 };
    const answer = await ask('id inStock shippingEstimate', { id: stocked, ...product }, { id: soldOut, ...product });
    expect(answer.data?._entities).toEqual([
      { id: stocked, inStock: true, shippingEstimate: '4.40 EUR' },
      { id: soldOut, inStock: null, shippingEstimate: '4.40 EUR' },
    ]);
    expect(codes(answer)).toEqual(['_entities.1.inStock SHARD_UNAVAILABLE']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  } finally {
    await fleet.resume(server);
  }
});
