import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { environment } from '@weft/config';
import { closeShops, openShop, type Shop } from './shop.ts';

/** Operations whose answers must be those of @apollo/server and @apollo/gateway as they come. */
const OPERATIONS: readonly (readonly [string, Record<string, unknown>?])[] = [
  ['{ __typename }'],
  ['{ products { id name price } }'],
  ['{ products { __typename ... on Book { pages reviews { body stars } } ... on Tool { grade } } }'],
  ['{ a: product(id: "1") { n: name } b: product(id: "2") { n: name ... on Tool { g: grade } } }'],
  ['{ product(id: "none") { name } }'],
  ['{ latest { id body book { name pages rating reviews { id book { price } } } } }'],
  ['query ($id: ID!, $n: Int) { product(id: $id) { ... on Book { reviews(first: $n) { id } } } }', { id: '3', n: 1 }],
  [
    'query ($yes: Boolean!) { products { id @include(if: $yes) name @skip(if: $yes) ... @include(if: $yes) { price } } }',
    { yes: true },
  ],
  [
    'query ($yes: Boolean!) { products { id @include(if: $yes) name @skip(if: $yes) ... @include(if: $yes) { price } } }',
    { yes: false },
  ],
  [
    'fragment P on Product { id ... on Book { ...B } } fragment B on Book { rating } { products { ...P } latest { book { ...B } } }',
  ],
  ['{ echo(text: "\\u00e9\\ud83c\\udfca \\" \\\\ \\n", list: [[1, 2], [3]]) }'],
  ['{ then: echo(text: "x") toString: echo constructor: echo(text: "y") }'],
  ['mutation { a: rename(id: "1", name: "A") { name } b: rename(id: "2", name: "B") { name ... on Tool { grade } } }'],
  ['{ __schema { queryType { name fields { name type { name kind ofType { name } } } } } }'],
  ['query ($n: String!) { __type(name: $n) { name possibleTypes { name } } products { id } }', { n: 'Product' }],
];

let shop: Shop;
let stock: ApolloServer;
beforeAll(async () => {
  shop = await openShop();
  environment().APOLLO_TELEMETRY_DISABLED = '1';
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const gateway = new ApolloGateway({ supergraphSdl: await readFile(shop.supergraphFile, 'utf8'), logger: quiet });
  stock = new ApolloServer({ gateway, introspection: true, logger: quiet });
  await stock.start();
});
afterAll(async () => {
  await stock.stop();
  await closeShops();
});

for (const [query, variables] of OPERATIONS) {
  test(`the answer is that of the stock gateway, byte by byte: ${query.slice(0, 70)}`, async () => {
    const { body } = await stock.executeOperation({ query, ...(variables !== undefined && { variables }) });
    if (body.kind !== 'single') throw new Error('not a single result');
    const { text } = await shop.ask(query, variables === undefined ? {} : { variables });
    expect(text).toBe(JSON.stringify({ data: body.singleResult.data }));
  });
}
