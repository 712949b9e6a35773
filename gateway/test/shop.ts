import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { GraphQLScalarType, Kind, parse } from 'graphql';
import { createGateway, type Gateway, type GatewayConfigInput, toGatewayConfig } from '../src/index.ts';
import { engineUnderTest } from './engine-under-test.ts';
import { type Peer, type PeerDefinition, startPeer, stopPeers } from './subgraph-peer.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires", "@shareable"])';

const PRODUCTS = [
  { __typename: 'Book', id: '1', name: 'Loom', price: 1290, pages: 96 },
  { __typename: 'Tool', id: '2', name: 'Shuttle', price: 450 },
  { __typename: 'Book', id: '3', name: 'Weft', price: 2500, pages: 320 },
];

/** What the gateway cannot know of a scalar that is not of the specification: that this one takes only prices. */
const price = new GraphQLScalarType({
  name: 'Price',
  parseValue: toPrice,
  parseLiteral: (node) => toPrice(node.kind === Kind.STRING ? node.value : undefined),
});

function toPrice(value: unknown): number {
  const amount = typeof value === 'string' ? /^(\d+) EUR$/.exec(value)?.[1] : undefined;
  if (amount === undefined) throw new TypeError('10.0.0.3 wants 12 EUR');
  return Number(amount);
}

function byId({ id }: { readonly id: string }) {
  return PRODUCTS.find((product) => product.id === id) ?? null;
}

export const products: PeerDefinition = {
  name: 'products',
  typeDefs: `${LINK}
    type Query { products: [Product!]! product(id: ID!): Product echo(text: String, list: [[Int]]): String whoami: String
      cheaper(than: Price, unlike: [Price!]): [Product!] }
    scalar Price
    type Mutation { rename(id: ID!, name: String!): Product }
    interface Product { id: ID! name: String! price: Int! }
    type Book implements Product @key(fields: "id") { id: ID! name: String! price: Int! pages: Int }
    type Tool implements Product @key(fields: "id") { id: ID! name: String! price: Int! }`,
  resolvers: {
    Query: {
      products: () => PRODUCTS,
      product: (_: unknown, { id }: { id: string }) => PRODUCTS.find((product) => product.id === id),
      cheaper: (_: unknown, { than = Infinity }: { than?: number }) => PRODUCTS.filter((one) => one.price < than),
      echo: (_: unknown, { text }: { text?: string }) => text,
      whoami: (_: unknown, __: unknown, { headers }: { headers: Record<string, string> }) =>
        userOf(headers['weft-user']),
    },
    Price: price,
    Book: { __resolveReference: byId },
    Tool: { __resolveReference: byId },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({
        ...PRODUCTS.find((p) => p.id === id),
        name,
      }),
    },
  },
};

export const reviews: PeerDefinition = {
  name: 'reviews',
  typeDefs: `${LINK}
    type Query { latest: [Review!]! }
    type Book @key(fields: "id") { id: ID! reviews(first: Int): [Review!] rating: Float }
    type Tool @key(fields: "id") { id: ID! grade: String }
    type Review @key(fields: "id") { id: ID! body: String! stars: Int book: Book }`,
  resolvers: {
    Query: { latest: () => [1, 3].map(review) },
    Book: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      reviews: ({ id }: { id: string }) => [review(Number(id))],
      rating: ({ id }: { id: string }) => Number(id) + 0.5,
    },
    Tool: { __resolveReference: ({ id }: { id: string }) => ({ id }), grade: () => 'A' },
    Review: { __resolveReference: ({ id }: { id: string }) => review(Number(id)) },
  },
};

function review(id: number) {
  return { id: String(id), body: `Review ${id}`, stars: id, book: { id: String(id) } };
}

function userOf(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { sub: string };
  return payload.sub;
}

export interface Shop {
  readonly gateway: Gateway;
  readonly url: string;
  readonly products: Peer;
  readonly reviews: Peer;
  readonly directory: string;
  readonly supergraphFile: string;
  ask(query: string, options?: AskOptions): Promise<Answered>;
}

export interface AskOptions {
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly headers?: Record<string, string>;
  readonly extensions?: Record<string, unknown>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: { readonly data?: Record<string, unknown> | null; readonly errors?: readonly GraphqlError[] };
}

export interface GraphqlError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string } & Record<string, unknown>;
}

export function compose(definitions: readonly PeerDefinition[], urls: Readonly<Record<string, string>>): string {
  const composed = composeServices(
    definitions.map(({ name, typeDefs }) => ({ name, url: urls[name] ?? '', typeDefs: parse(typeDefs) })),
  );
  if (composed.supergraphSdl === undefined) throw new Error(composed.errors?.join('\n'));
  return composed.supergraphSdl;
}

const stopping: (() => Promise<void>)[] = [];

/** Two subgraphs that are not ours, and a gateway before them. `secrets` makes it treat them as ours. */
export async function openShop(config: Partial<GatewayConfigInput> = {}): Promise<Shop> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-gateway-'));
  const peers = { products: await startPeer(products), reviews: await startPeer(reviews) };
  const supergraphFile = join(directory, 'supergraph.graphql');
  await writeFile(
    supergraphFile,
    compose([products, reviews], { products: peers.products.url, reviews: peers.reviews.url }),
  );
  const gateway = await createGateway(
    toGatewayConfig({
      mode: 'development',
      engine: engineUnderTest(),
      http: { port: 0 },
      telemetry: { logLevel: 'silent' },
      ...config,
      supergraph: { file: supergraphFile, pollEvery: '50ms', ...config.supergraph },
    }),
  );
  stopping.push(
    () => gateway.stop(),
    () => rm(directory, { recursive: true }),
  );
  return {
    gateway,
    url: gateway.url,
    ...peers,
    directory,
    supergraphFile,
    ask: (query, options) => ask(gateway.url, query, options),
  };
}

/** Of every shop that was opened in this file. */
export async function closeShops(): Promise<void> {
  for (const stop of stopping.splice(0)) await stop();
  await stopPeers();
}

export async function ask(url: string, query: string, options: AskOptions = {}): Promise<Answered> {
  const { headers, ...request } = options;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query, ...request }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: (text === '' ? {} : JSON.parse(text)) as Answered['json'],
  };
}
