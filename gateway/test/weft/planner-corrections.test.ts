import { expect, test } from '@jest/globals';
import { type LocalGraph, localGraph } from '../local-graph.ts';
import { BENCHMARK_SUBGRAPHS } from './benchmark-subgraphs.ts';
import { same, subgraph } from './define-subgraph.ts';

async function both(graph: LocalGraph, query: string) {
  return { ours: await graph.ask('weft', query), stock: await graph.ask('apollo', query) };
}

test('one field with three arguments at once: of the client and of two requirements', async () => {
  const graph = await localGraph([
    subgraph(
      'shop',
      'type Query { item: Item } type Item @key(fields: "id") { id: ID! price(in: String = "EUR"): String }',
      {
        Query: { item: () => ({ id: '1' }) },
        Item: { __resolveReference: same, price: (_: unknown, given: { in: string }) => `1 ${given.in}` },
      },
    ),
    subgraph(
      'tax',
      `type Item @key(fields: "id") {
        id: ID! price(in: String = "EUR"): String @external
        usd: String @requires(fields: "price(in: \\"USD\\")")
        gbp: String @requires(fields: "price(in: \\"GBP\\")")
        plain: String @requires(fields: "price")
      }`,
      {
        Item: {
          __resolveReference: same,
          usd: ({ price }: { price: string }) => price,
          gbp: ({ price }: { price: string }) => price,
          plain: ({ price }: { price: string }) => price,
        },
      },
    ),
  ]);
  const { ours, stock } = await both(graph, '{ item { price(in: "CHF") usd gbp plain } }');
  expect(ours).toEqual({ data: { item: { price: '1 CHF', usd: '1 USD', gbp: '1 GBP', plain: '1 EUR' } } });
  expect(stock).not.toEqual(ours);
});

test('a subgraph is not entered by a key that it does not resolve', async () => {
  const graph = await localGraph([
    subgraph('a', 'type T @key(fields: "id") @key(fields: "code") { id: ID! code: ID! w: Int }', {
      T: { __resolveReference: same, w: () => 1 },
    }),
    subgraph(
      'b',
      `type Query { t: T }
       type T @key(fields: "id", resolvable: false) @key(fields: "code") {
         id: ID! code: ID! w: Int @external n: Int @requires(fields: "w")
       }`,
      {
        Query: { t: () => ({ id: '1', code: 'c' }) },
        T: {
          __resolveReference: (reference: { code?: string }) => (reference.code === undefined ? null : reference),
          n: ({ w }: { w: number }) => w + 1,
        },
      },
    ),
  ]);
  const { ours, stock } = await both(graph, '{ t { n } }');
  expect(ours).toEqual({ data: { t: { n: 2 } } });
  expect(stock).not.toEqual(ours);
});

test('what a requirement requires is asked of who answers it, not of who names it', async () => {
  const graph = await localGraph([
    subgraph(
      'a',
      'type Query { t: T } type T @key(fields: "id") { id: ID! base: Int @external twice: Int @requires(fields: "base") }',
      {
        Query: { t: () => ({ id: '1' }) },
        T: { __resolveReference: same, twice: ({ base }: { base?: number }) => (base === undefined ? -1 : base * 2) },
      },
    ),
    subgraph(
      'b',
      'type T @key(fields: "id") { id: ID! base: Int twice: Int @external more: Int @requires(fields: "twice") }',
      {
        T: { __resolveReference: same, base: () => 21, more: ({ twice }: { twice: number }) => twice + 1 },
      },
    ),
  ]);
  const { ours, stock } = await both(graph, '{ t { more } }');
  expect(ours).toEqual({ data: { t: { more: 43 } } });
  expect(stock).not.toEqual(ours);
});

test('a field whose requirement is under a condition does not take others with it', async () => {
  const graph = await localGraph([
    subgraph('a', 'type Query { t: T } type T @key(fields: "id") { id: ID! w: Int }', {
      Query: { t: () => ({ id: '1' }) },
      T: { __resolveReference: same, w: () => 5 },
    }),
    subgraph(
      'b',
      'type T @key(fields: "id") { id: ID! w: Int @external n: Int heavy: Boolean @requires(fields: "w") }',
      {
        T: { __resolveReference: same, n: () => 1, heavy: ({ w }: { w: number }) => w > 4 },
      },
    ),
  ]);
  const query = 'query ($yes: Boolean!) { t { n heavy @include(if: $yes) } }';
  expect(await graph.ask('weft', query, { variables: { yes: false } })).toEqual({ data: { t: { n: 1 } } });
  expect(await graph.ask('weft', query, { variables: { yes: true } })).toEqual({ data: { t: { n: 1, heavy: true } } });
});

test('the operation of the field is six requests instead of sixteen, with the same answer', async () => {
  const graph = await localGraph(BENCHMARK_SUBGRAPHS);
  const query = `fragment User on User { id username name } fragment Review on Review { id body }
    fragment Product on Product { inStock name price shippingEstimate upc weight }
    query TestQuery {
      users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
      topProducts(first: 5) { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
    }`;
  const ours = await graph.ask('weft', query);
  const requests = graph.calls.length;
  const stock = await graph.ask('apollo', query);
  expect(JSON.stringify(ours)).toBe(JSON.stringify(stock));
  expect([requests, graph.calls.length - requests]).toEqual([6, 16]);
});
