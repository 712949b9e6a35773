import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, type GraphQLSchema, parse } from 'graphql';
import type { CallSubgraph } from '../src/subgraph-call.ts';

/** A shop of four subgraphs, and an operation whose answer is about 90 KB: what a busy page of it asks for. */
export const STOREFRONT = `query Storefront($first: Int!) {
  users { id username name reviews { id body product { inStock name price shippingEstimate upc weight
    reviews { id body author { id username name reviews { id body product { inStock name price shippingEstimate upc weight } } } } } } }
  topProducts(first: $first) { inStock name price shippingEstimate upc weight
    reviews { id body author { id username name reviews { id body product { inStock name price shippingEstimate upc weight } } } } }
}`;

const SDL: Readonly<Record<string, string>> = {
  accounts: `type Query { users: [User] } type Mutation { rename(id: ID!, name: String!): User } type User @key(fields: "id") { id: ID! name: String username: String }`,
  products: `type Query { topProducts(first: Int = 5): [Product] }
    type Product @key(fields: "upc") { upc: String! name: String price: Int weight: Int }`,
  inventory: `type Product @key(fields: "upc") { upc: String! weight: Int @external price: Int @external inStock: Boolean
    shippingEstimate: Int @requires(fields: "price weight") }`,
  reviews: `type Review @key(fields: "id") { id: ID! body: String author: User product: Product }
    type User @key(fields: "id") { id: ID! reviews: [Review] } type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
};
const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])`;

const WORDS = 'a really good product that I would buy again at once, if it were not so dear; it came late though';
const users = Array.from({ length: 6 }, (_, id) => ({
  id: `${id}`,
  name: `User Number ${id}`,
  username: `@user${id}`,
}));
const products = Array.from({ length: 9 }, (_, upc) => ({
  upc: `${upc}`,
  name: `Product Number ${upc}`,
  price: 899 + upc,
  weight: 100 + upc * 50,
  inStock: upc % 2 === 0,
}));
const reviews = Array.from({ length: 22 }, (_, id) => ({
  id: `${id}`,
  body: WORDS.slice(0, 20 + ((id * 37) % 70)),
  authorId: `${id % 6}`,
  upc: `${id % 9}`,
}));
type Held = Record<string, unknown>;

const RESOLVERS: Record<string, Record<string, Record<string, unknown>>> = {
  accounts: {
    Query: { users: () => users },
    Mutation: { rename: (_: unknown, told: Held) => told },
    User: { __resolveReference: ({ id }: Held) => users.find((user) => user.id === id) },
  },
  products: {
    Query: { topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first) },
    Product: { __resolveReference: ({ upc }: Held) => products.find((product) => product.upc === upc) },
  },
  inventory: {
    Product: {
      __resolveReference: (told: Held) => ({ ...told, inStock: products.find(({ upc }) => upc === told.upc)?.inStock }),
      shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 1_000 ? 0 : weight / 2),
    },
  },
  reviews: {
    Review: { author: ({ authorId: id }: Held) => ({ id }), product: ({ upc }: Held) => ({ upc }) },
    User: { reviews: ({ id }: Held) => reviews.filter(({ authorId }) => authorId === id) },
    Product: { reviews: ({ upc: key }: Held) => reviews.filter(({ upc }) => upc === key) },
  },
};

export function storefrontSupergraph(): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(SDL).map(([name, sdl]) => ({ name, url: `http://${name}.invalid/`, typeDefs: parse(LINK + sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error(errors?.join());
  return supergraphSdl;
}

/** Real subgraphs in this process; an answer is made once for each request. */
export function storefrontSubgraphs(): { readonly call: CallSubgraph; readonly answers: ReadonlyMap<string, Buffer> } {
  const schemas = new Map<string, GraphQLSchema>();
  for (const [name, sdl] of Object.entries(SDL)) {
    const part = { typeDefs: parse(LINK + sdl), resolvers: RESOLVERS[name] as never };
    schemas.set(name, buildSubgraphSchema([part]) as GraphQLSchema);
  }
  const answers = new Map<string, Buffer>();
  return {
    answers,
    async call({ subgraph, body }) {
      const { query, variables } = JSON.parse(body) as { readonly query: string; readonly variables: Held };
      const schema = schemas.get(subgraph) as GraphQLSchema;
      const text = JSON.stringify(await execute({ schema, document: parse(query), variableValues: variables }));
      answers.set(body, Buffer.from(text));
      return { status: 200, cacheControl: undefined, text };
    },
  };
}
