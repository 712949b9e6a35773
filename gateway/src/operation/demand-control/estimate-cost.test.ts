import { expect, test } from '@jest/globals';
import type { DemandRules } from '@weft/supergraph';
import { buildSchema, parse } from 'graphql';
import { createEstimateCost } from './estimate-cost.ts';

const schema = buildSchema(`
  type Query {
    product(id: ID): Product
    products(first: Int = 3, after: String): [Product!]!
    search(page: Page, kinds: [String]): Found
    all: [Product]
    grid: [[Product]]
    any: [Any!]
  }
  type Mutation { add(input: String): Product }
  input Page { first: Int last: Int }
  interface Named { name: String }
  type Product implements Named { id: ID name: String related(limit: Int): [Product] connection(first: Int): Connection dear: Int }
  type Connection { edges: [Edge] pageInfo: Info totalCount: Int }
  type Edge { node: Product }
  type Info { end: String }
  type Found { hits: [Product] others: [Product] }
  type Vendor implements Named { name: String products: [Product] }
  union Any = Product | Vendor
`);
const demand: DemandRules = {
  listSizes: new Map([
    ['Query.search', { assumedSize: 20, slicingArguments: ['page.first', 'page.last'], sizedFields: ['hits'] }],
    ['Vendor.products', { assumedSize: 2, slicingArguments: [], sizedFields: [] }],
  ]),
  weights: new Map([
    ['Product.dear', 7],
    ['Info', 0],
    ['Mutation.add', 100],
    ['Query.search(kinds:)', 50],
  ]),
};
const estimate = createEstimateCost({ schema, demand, assumedListSize: 5 });
const costOf = (text: string, variables: Record<string, unknown> = {}) =>
  estimate({ document: parse(text), hash: text, operationName: undefined, variables }, variables);

const CASES: [number, string, Record<string, unknown>?][] = [
  // an object is 1, a leaf nothing
  [0, '{ __typename __schema { types { name } } }'],
  [1, '{ product { id name } }'],
  [2, '{ product { id } other: product { id } }'],
  // lists by what is asked for
  [3, '{ products { id } }'],
  [10, '{ products(first: 10) { id } }'],
  [4, 'query ($n: Int) { products(first: $n) { id } }', { n: 4 }],
  [3, 'query ($n: Int) { products(first: $n) { id } }'],
  [5, '{ products(first: null) { id } }'],
  [0, '{ products(first: -9) { id } }'],
  [5, '{ all { id } }'],
  [25, '{ grid { id } }'],
  [110, '{ products(first: 10) { related(limit: 10) { id } } }'],
  // a connection: itself, its edges and their nodes
  [10, '{ product { connection(first: 4) { pageInfo { end } edges { node { id } } } } }'],
  [12, '{ product { connection { edges { node { id } } } } }'],
  // @listSize
  [1 + 4 + 5, '{ search(page: { first: 4, last: 2 }) { hits { id } others { id } } }'],
  [21, '{ search { hits { id } } }'],
  [1 + 9, 'query ($page: Page) { search(page: $page) { hits { id } } }', { page: { last: 9 } }],
  // @cost
  [8, '{ product { dear } }'],
  [100, 'mutation { add(input: "x") { id } }'],
  [51, '{ search(kinds: []) { __typename } }'],
  // fragments are where they are spread, and one field is one however often it is selected
  [3, '{ products { id } products { name } ...F } fragment F on Query { products { ... { id } } }'],
  [
    5 + 5 * 5 + 5 * 2,
    '{ any { ... on Product { related { id } } ... on Vendor { products { id } } ... on Named { name } } }',
  ],
  // what is left out costs nothing
  [1, 'query ($no: Boolean!) { product { id } products @include(if: $no) { id } }', { no: false }],
  [1, '{ product { id } ... @skip(if: true) { products { id } } }'],
];

for (const [cost, text, variables] of CASES) {
  test(`it costs ${cost}: ${text}`, () => {
    expect(costOf(text, variables)).toBe(cost);
  });
}
