import type { GraphRequest } from './answer-document.ts';

export interface Scenario {
  readonly name: string;
  readonly shows: string;
  /** The request with this number. */
  request(number: number): GraphRequest;
  /** Every request brings a token of its own; else all bring one. */
  readonly ownTokens: boolean;
  /** Gateways may answer equal requests in flight once. */
  readonly dedupe: boolean;
}

const STOREFRONT = `query Storefront {
  users {
    ...Person
    reviews { ...Opinion product { ...Item reviews { ...Opinion author { ...Person reviews { ...Opinion product { ...Item } } } } } }
  }
  topProducts(first: 5) {
    ...Item
    reviews { ...Opinion author { ...Person favourite { name inStock } reviews { ...Opinion product { ...Item } } } }
  }
}
fragment Person on User { id username name }
fragment Opinion on Review { id body }
fragment Item on Product { inStock name price shippingEstimate upc weight }`;

const LIST = `query List($first: Int!) {
  topProducts(first: $first) { upc name price weight reviews { id body author { id name username } } }
}`;

const TWO_HOP = `query TwoHop($id: ID!) {
  user(id: $id) { id name reviews { id body product { upc name price } } }
}`;

const TINY = 'query Tiny($upc: String!) { product(upc: $upc) { upc name inStock } }';

const LEAVES = ['name', 'price', 'weight', 'inStock', 'shippingEstimate'] as const;

/** An operation that no gateway has seen: other fields by the bits of its number, and an alias that is its own. */
function coldOperation(number: number): string {
  const leaves = LEAVES.filter((_, bit) => ((number >> bit) & 1) === 1);
  return `query Cold {
  topProducts(first: 3) { own${number}: upc ${leaves.join(' ')} reviews { id author { name reviews { body product { upc inStock } } } } }
  user(id: "${(number % 6) + 1}") { name reviews { body product { name reviews { author { username } } } } }
}`;
}

/** So many ids are asked for in turn: more than are ever in flight. */
const IDS = 1_000;
const LIST_LENGTH = 45;

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'storefront',
    shows: 'nested, four subgraphs',
    request: () => ({ query: STOREFRONT }),
    ownTokens: true,
    dedupe: false,
  },
  {
    name: 'list',
    shows: 'a nested list',
    request: () => ({ query: LIST, variables: { first: LIST_LENGTH } }),
    ownTokens: true,
    dedupe: false,
  },
  {
    name: 'two-hop',
    shows: 'three fetches, one after the other, by variables',
    request: (number) => ({ query: TWO_HOP, variables: { id: String(1_000 + (number % IDS)) } }),
    ownTokens: true,
    dedupe: false,
  },
  {
    name: 'tiny',
    shows: 'one entity of two subgraphs',
    request: (number) => ({ query: TINY, variables: { upc: String(100 + (number % IDS)) } }),
    ownTokens: true,
    dedupe: false,
  },
  {
    name: 'cold',
    shows: 'every operation is new',
    request: (number) => ({ query: coldOperation(number) }),
    ownTokens: true,
    dedupe: false,
  },
  {
    name: 'same',
    shows: 'the storefront by one user: inbound dedupe where there is one',
    request: () => ({ query: STOREFRONT }),
    ownTokens: false,
    dedupe: true,
  },
];
