import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createGateway, type Gateway, toGatewayConfig } from '../src/index.ts';
import { engineUnderTest } from './engine-under-test.ts';
import { ask, compose } from './shop.ts';
import { type PeerDefinition, startPeer, stopPeers } from './subgraph-peer.ts';

const link = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: [${names}])`;
const ALL = [
  { __typename: 'Book', id: '1', title: 'Loom' },
  { __typename: 'Film', id: '2', title: 'Weft' },
];

const library: PeerDefinition = {
  name: 'library',
  typeDefs: `${link('"@key"')}
    type Query { media: [Media!]! }
    interface Media @key(fields: "id") { id: ID! title: String }
    type Book implements Media @key(fields: "id") { id: ID! title: String }
    type Film implements Media @key(fields: "id") { id: ID! title: String }`,
  resolvers: {
    Query: { media: () => ALL },
    Media: { __resolveReference: ({ id }: { id: string }) => ALL.find((item) => item.id === id) },
    Book: { __resolveReference: ({ id }: { id: string }) => ALL.find((item) => item.id === id) },
    Film: { __resolveReference: ({ id }: { id: string }) => ALL.find((item) => item.id === id) },
  },
};

const scores: PeerDefinition = {
  name: 'scores',
  typeDefs: `${link('"@key", "@interfaceObject"')}
    type Query { best: Media }
    type Media @interfaceObject @key(fields: "id") { id: ID! score: Int next: Media }`,
  resolvers: {
    Query: { best: () => ({ id: '2' }) },
    Media: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      score: ({ id }: { id: string }) => Number(id) * 10,
      next: ({ id }: { id: string }) => (id === '1' ? { id: '2' } : null),
    },
  },
};

let directory: string;
let gateway: Gateway;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-gateway-'));
  const file = join(directory, 'supergraph.graphql');
  const urls = { library: (await startPeer(library)).url, scores: (await startPeer(scores)).url };
  await writeFile(file, compose([library, scores], urls));
  gateway = await createGateway(
    toGatewayConfig({
      engine: engineUnderTest(),
      supergraph: { file },
      http: { port: 0 },
      telemetry: { logLevel: 'silent' },
    }),
  );
});
afterAll(async () => {
  await gateway.stop();
  await stopPeers();
  await rm(directory, { recursive: true });
});

const CASES: Record<string, unknown> = {
  '{ media { __typename id score } }': {
    media: [
      { __typename: 'Book', id: '1', score: 10 },
      { __typename: 'Film', id: '2', score: 20 },
    ],
  },
  '{ media { ... on Media { __typename score } ... on Book { title } } }': {
    media: [
      { __typename: 'Book', score: 10, title: 'Loom' },
      { __typename: 'Film', score: 20 },
    ],
  },
  '{ media { ... on Film { __typename title score next { id } } } }': {
    media: [{}, { __typename: 'Film', title: 'Weft', score: 20, next: null }],
  },
  '{ best { __typename title score } }': { best: { __typename: 'Film', title: 'Weft', score: 20 } },
  '{ best { ... on Film { title } ... on Book { id } } }': { best: { title: 'Weft' } },
  '{ media { next { __typename title next { id } } } }': {
    media: [{ next: { __typename: 'Film', title: 'Weft', next: null } }, { next: null }],
  },
};

for (const [query, data] of Object.entries(CASES)) {
  test(`an object that a subgraph knows only by its interface keeps its type: ${query}`, async () => {
    expect((await ask(gateway.url, query)).json).toEqual({ data });
  });
}
