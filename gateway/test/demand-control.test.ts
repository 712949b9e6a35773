import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { closeShops, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ demandControl: { maxCost: 100, assumedListSize: 10 } });
});
beforeEach(() => {
  shop.products.asked.length = 0;
});
afterAll(closeShops);

const BOOKS =
  'query ($n: Int, $with: Boolean! = true) { product(id: "1") { ... on Book { reviews(first: $n) @include(if: $with) { book { id } } } } }';

test('an operation that asks for too much is refused before a subgraph is asked, with its cost', async () => {
  const { status, json } = await shop.ask(BOOKS, { variables: { n: 50 } });
  expect([status, json]).toEqual([
    400,
    {
      errors: [
        {
          message: 'The operation is estimated to cost 101, more than 100: ask for fewer items or levels.',
          extensions: { code: 'COST_ESTIMATED_TOO_EXPENSIVE', cost: 101, limit: 100 },
        },
      ],
    },
  ]);
  expect(shop.products.asked).toEqual([]);
});

test('the variables of each request count, whatever was asked before', async () => {
  const statusOf = async (variables: Record<string, unknown>) => (await shop.ask(BOOKS, { variables })).status;
  const asked: [Record<string, unknown>, number][] = [
    [{ n: 3 }, 200],
    [{ n: 1_000_000 }, 400],
    [{ n: 1_000_000, with: false }, 200],
    [{ n: 49 }, 200],
    [{}, 200],
    [{ n: 50 }, 400],
    [{ n: 50, with: true }, 400],
  ];
  for (const [variables, status] of [...asked, ...asked]) {
    expect([variables, await statusOf(variables)]).toEqual([variables, status]);
  }
});

test('without a word about its size a list is taken to be as long as the configuration says', async () => {
  const nested = (levels: number) =>
    `{ products { id ... on Book { ${'reviews { book { '.repeat(levels)}id${' } }'.repeat(levels)} } } }`;
  expect((await shop.ask(nested(1))).status).toBe(400);
  expect((await shop.ask('{ products { id } latest { book { id } } }')).status).toBe(200);
});
