import type { PeerDefinition } from '../subgraph-peer.ts';
import { same, subgraph } from './define-subgraph.ts';

const users = [{ id: '1' }, { id: '2' }];
const items = ['a', 'b', 'c'].map((upc) => ({ upc }));
const written = [0, 1, 2, 3].map((n) => ({
  id: String(n),
  body: `r${n}`,
  author: users[n % 2],
  product: items[n % 3],
}));

/** The four subgraphs of the field's published benchmark, with a handful of rows. */
export const BENCHMARK_SUBGRAPHS: readonly PeerDefinition[] = [
  subgraph(
    'accounts',
    'type Query { users: [User] } type User @key(fields: "id") { id: ID! name: String username: String @shareable }',
    {
      Query: { users: () => users },
      User: {
        __resolveReference: same,
        name: ({ id }: { id: string }) => `n${id}`,
        username: ({ id }: { id: string }) => `u${id}`,
      },
    },
  ),
  subgraph(
    'inventory',
    'type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }',
    {
      Product: {
        __resolveReference: same,
        inStock: ({ upc }: { upc: string }) => upc !== 'b',
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) => price + weight,
      },
    },
  ),
  subgraph(
    'products',
    'type Query { topProducts(first: Int = 5): [Product] } type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }',
    {
      Query: { topProducts: () => items },
      Product: { __resolveReference: same, name: ({ upc }: { upc: string }) => upc, price: () => 3, weight: () => 4 },
    },
  ),
  subgraph(
    'reviews',
    `type Review { id: ID! body: String author: User @provides(fields: "username") product: Product }
       type User @key(fields: "id") { id: ID! username: String @external reviews: [Review] }
       type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
    {
      User: {
        __resolveReference: same,
        username: ({ id }: { id: string }) => `u${id}`,
        reviews: ({ id }: { id: string }) => written.filter(({ author }) => author?.id === id),
      },
      Product: {
        __resolveReference: same,
        reviews: ({ upc }: { upc: string }) => written.filter(({ product }) => product?.upc === upc),
      },
    },
  ),
];
