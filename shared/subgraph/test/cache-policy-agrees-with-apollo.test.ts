import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type GraphQLSchema, getOperationAST, parse } from 'graphql';
import { cacheControlHeader, createCachePolicies } from '../src/cache-policy/cache-policy.ts';
import { randomOperations } from './random-operations.ts';

// Every way of hinting: type, field, both, inherited, private, none, through lists, interfaces and unions.
const SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }
  interface Node @cacheControl(maxAge: 45) { id: ID! }
  interface Bare { id: ID! }
  type Product implements Node & Bare @key(fields: "id") @cacheControl(maxAge: 60) {
    id: ID!
    name: String
    stock: Int @cacheControl(maxAge: 5)
    owner: User @cacheControl(inheritMaxAge: true)
    category: Category
    parts: [Part] @cacheControl(inheritMaxAge: true)
    loose: [Part]
  }
  type Part @cacheControl(inheritMaxAge: true) { label: String product: Product secret: String @cacheControl(maxAge: 7, scope: PRIVATE) }
  type Category implements Node @key(fields: "id") @cacheControl(maxAge: 300) { id: ID! name: String products: [Product] @cacheControl(maxAge: 20) }
  type User implements Node & Bare @key(fields: "id") { id: ID! email: String @cacheControl(scope: PRIVATE) friends: [User] @cacheControl(maxAge: 30) }
  type Inherits @key(fields: "id") @cacheControl(inheritMaxAge: true) { id: ID! name: String }
  union Found @cacheControl(maxAge: 15) = Product | Category | User
  type Query {
    product: Product
    hinted: Product @cacheControl(maxAge: 90)
    shorter: Product @cacheControl(maxAge: 10)
    inherits: Product @cacheControl(inheritMaxAge: true)
    user: User
    mine: User @cacheControl(maxAge: 40, scope: PRIVATE)
    count: Int
    counted: Int @cacheControl(maxAge: 12)
    scopeOnly: Product @cacheControl(scope: PRIVATE)
    parts: [Part] @cacheControl(maxAge: 50)
    nodes: [Node] @cacheControl(maxAge: 70)
    bare: [Bare] @cacheControl(inheritMaxAge: true)
    found: [Found]
    one: Node
    nothing: Product @cacheControl(maxAge: 90)
  }
  type Mutation { touch: Product @cacheControl(maxAge: 60) }
`;

let schema: GraphQLSchema;
let apollo: ApolloServer;

/** Each value is rich enough to be any type, and lists hold one of every type, so that every selection is answered. */
function value(typename: string): object {
  const one = { __typename: typename, id: '1', name: 'n', stock: 1, email: 'e', label: 'l', secret: 's' };
  return Object.defineProperties(one, {
    owner: { get: () => value('User') },
    category: { get: () => value('Category') },
    product: { get: () => value('Product') },
    parts: { get: () => [value('Part')] },
    loose: { get: () => [value('Part')] },
    products: { get: () => [value('Product')] },
    friends: { get: () => [value('User')] },
  });
}
const every = (...names: string[]) => names.map(value);

beforeAll(async () => {
  schema = buildSubgraphSchema([{ typeDefs: parse(SDL) }]);
  const rootValue = {
    ...{ product: value('Product'), hinted: value('Product'), shorter: value('Product'), inherits: value('Product') },
    ...{ user: value('User'), mine: value('User'), count: 1, counted: 1, scopeOnly: value('Product') },
    ...{ parts: every('Part'), nodes: every('Product', 'Category', 'User'), bare: every('Product', 'User') },
    ...{ found: every('Product', 'Category', 'User'), one: value('User'), nothing: null, touch: value('Product') },
  };
  apollo = new ApolloServer({
    schema,
    rootValue,
    plugins: [ApolloServerPluginCacheControl(), ApolloServerPluginInlineTraceDisabled()],
  });
  await apollo.start();
});

afterAll(async () => apollo.stop());

async function both(query: string, variables: Record<string, unknown> = {}) {
  const response = await apollo.executeOperation({ query, variables });
  if (response.body.kind !== 'single' || response.body.singleResult.errors)
    throw new Error(JSON.stringify(response.body));
  const document = parse(query);
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('no operation');
  const ours = cacheControlHeader(createCachePolicies(schema).policyOf(document, operation, variables));
  return { ours, apollo: response.http.headers.get('cache-control') };
}

const ENTITIES = (selection: string) =>
  `query($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;
const representations = (...names: string[]) => ({
  representations: names.map((name) => ({ __typename: name, id: '1' })),
});

test.each([
  ['{ product { name } }'],
  ['{ hinted { name } }'],
  ['{ shorter { name stock } }'],
  ['{ inherits { name owner { id } } }'],
  ['{ hinted { category { name } } }'],
  ['{ hinted { parts { label } } }'],
  ['{ hinted { loose { label } } }'],
  ['{ hinted { parts { secret } } }'],
  ['{ user { id } }'],
  ['{ mine { id email } }'],
  ['{ count }'],
  ['{ counted }'],
  ['{ counted scopeOnly { id } }'],
  ['{ __typename }'],
  ['{ __typename counted }'],
  ['{ nodes { id ... on Product { stock } } }'],
  ['{ bare { id } }'],
  ['{ found { __typename ... on Product { name } ... on Node { id } } }'],
  ['{ hinted { ...A ...B } } fragment A on Product { name ...B } fragment B on Product { category { name } }'],
  ['{ a: hinted { name } b: shorter { name } }'],
])('the header is that of Apollo Server: %s', async (query) => {
  const headers = await both(query);
  expect(headers.ours).toBe(headers.apollo);
});

test.each([
  ['... on Product { name }', ['Product']],
  ['... on Product { stock }', ['Product']],
  ['... on Product { name } ... on Category { name }', ['Product', 'Category']],
  ['... on User { id }', ['User']],
  ['... on Inherits { name }', ['Inherits']],
  ['__typename ... on Category { products { name } }', ['Category']],
  ['... on Found { ... on Product { name } }', ['Product']],
])('the header of entities is that of Apollo Server: %s', async (selection, types) => {
  const headers = await both(ENTITIES(selection), representations(...types));
  expect(headers.ours).toBe(headers.apollo);
});

test('what @skip and @include take out does not count, by literal, variable and default', async () => {
  const query =
    'query($more: Boolean! = false) { hinted { name stock @include(if: $more) parts @skip(if: true) { secret } } }';
  for (const variables of [{}, { more: true }, { more: false }]) {
    const headers = await both(query, variables);
    expect(headers.ours).toBe(headers.apollo);
  }
});

test('one document keeps a policy for each combination of its conditions', () => {
  const document = parse('query($more: Boolean!) { hinted { name stock @include(if: $more) } }');
  const operation = getOperationAST(document);
  if (operation == null) throw new Error('no operation');
  const policies = createCachePolicies(schema);
  const header = (more: boolean) => cacheControlHeader(policies.policyOf(document, operation, { more }));
  expect([header(true), header(false), header(true)]).toEqual([
    'max-age=5, public',
    'max-age=90, public',
    'max-age=5, public',
  ]);
});

test('random operations have the header of Apollo Server', async () => {
  const skipped = new Set(['one', 'nothing', '_service', '_entities']); // these differ on purpose: see below
  let cacheable = 0;
  for (const { query, variables } of randomOperations(schema, { count: 400, seed: 7, skipped })) {
    const headers = await both(query, variables);
    expect({ query, ...headers }).toEqual({ query, ours: headers.apollo, apollo: headers.apollo });
    if (headers.ours !== 'no-store') cacheable += 1;
  }
  expect(cacheable).toBeGreaterThan(50);
});

test('where the answer decides, ours is the stricter one', async () => {
  // Below a null Apollo counts nothing, for it has resolved nothing; ours does not look at the answer.
  expect(await both('{ nothing { stock } }')).toEqual({ ours: 'max-age=5, public', apollo: 'max-age=90, public' });
  // The value is a User; it could have been a Product.
  expect(await both('{ one { id ... on Product { stock } } }')).toEqual({
    ours: 'max-age=5, public',
    apollo: 'max-age=45, public',
  });
  // Types that are asked for count, whether or not a representation of them was sent.
  expect(await both(ENTITIES('... on Product { name } ... on User { id }'), representations('Product'))).toEqual({
    ours: 'no-store',
    apollo: 'max-age=60, public',
  });
  // An entity type without a hint is not cacheable; Apollo forgets that as soon as another one in the batch has a hint.
  expect(await both(ENTITIES('... on Node { id }'), representations('Product', 'User'))).toEqual({
    ours: 'no-store',
    apollo: 'max-age=60, public',
  });
  // A mutation is never kept; Apollo would let a hint make it so.
  expect(await both('mutation { touch { name } }')).toEqual({ ours: 'no-store', apollo: 'max-age=60, public' });
});
