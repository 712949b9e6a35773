import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createGateway, type Gateway, type GatewayConfigInput, toGatewayConfig } from '../src/index.ts';
import { type AskOptions, ask, compose } from './shop.ts';
import { type Peer, type PeerDefinition, startPeer, stopPeers } from './subgraph-peer.ts';
import { AUDIENCE, bearer, createIssuer, ISSUER, type Issuer } from './tokens.ts';

const link = (names: string) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names}])`;

const PEOPLE = [
  { __typename: 'Member', id: '1', name: 'Ada', mail: 'SECRET', bill: 7, pets: ['SECRET'], friend: { id: '2' } },
  { __typename: 'Guest', id: '2', name: 'Bob', mail: 'open', friend: null },
];
const MEMBER = { id: '1' };

const people: PeerDefinition = {
  name: 'people',
  typeDefs: `${link('"@key", { name: "@authenticated", as: "@known" }, { name: "@requiresScopes", as: "@may" }')}
    type Query { everybody: [Person!]! member: Member found: [Found!]! vault: Vault open: String root: Int! @known }
    type Mutation { wipe: Int @known keep: Int }
    interface Person { id: ID! name: String mail: String friend: Person }
    type Member implements Person @key(fields: "id") {
      id: ID! name: String friend: Person
      mail: String @known
      bill: Int! @may(scopes: [["bills", "read"], ["all"]])
      pets: [String!]! @known
    }
    type Guest implements Person @key(fields: "id") { id: ID! name: String mail: String friend: Person }
    union Found = Member | Vault
    type Vault @known { id: ID! gold: Int inner: Vault }`,
  resolvers: {
    Query: {
      everybody: () => PEOPLE,
      member: () => PEOPLE[0],
      found: () => [PEOPLE[0], { __typename: 'Vault', id: '9', gold: 1 }],
      vault: () => ({ id: '9', gold: 1 }),
      open: () => 'open',
      root: () => 1,
    },
    Mutation: { wipe: () => 1, keep: () => 2 },
    Member: { __resolveReference: () => PEOPLE[0], friend: () => PEOPLE[1] },
    Guest: { __resolveReference: () => PEOPLE[1] },
  },
};

const marks: PeerDefinition = {
  name: 'marks',
  typeDefs: `${link('"@key", { name: "@authenticated", as: "@known" }')}
    type Query { marks: [Mark!]! }
    type Mark @key(fields: "id") { id: ID! of: Member }
    type Member @key(fields: "id") { id: ID! marks: [Mark!] secretMarks: [Mark!]! @known }`,
  resolvers: {
    Query: { marks: () => [{ id: 'a', of: MEMBER }] },
    Mark: { __resolveReference: ({ id }: { id: string }) => ({ id, of: MEMBER }) },
    Member: { __resolveReference: () => MEMBER, marks: () => [{ id: 'a' }], secretMarks: () => [{ id: 'SECRET' }] },
  },
};

let directory: string;
let issuer: Issuer;
const peers: Peer[] = [];
let supergraphFile: string;
const opened: Gateway[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-authorization-'));
  issuer = await createIssuer(directory);
  supergraphFile = join(directory, 'supergraph.graphql');
  for (const definition of [people, marks]) peers.push(await startPeer(definition));
  const [first, second] = peers.map(({ url }) => url) as [string, string];
  await writeFile(supergraphFile, compose([people, marks], { people: first, marks: second }));
});
beforeEach(() => {
  for (const peer of peers) {
    peer.asked.length = 0;
    peer.cacheControl = undefined;
  }
});
afterAll(async () => {
  for (const gateway of opened) await gateway.stop();
  await stopPeers();
  await rm(directory, { recursive: true });
});

async function open(config: Partial<GatewayConfigInput>): Promise<Gateway> {
  const gateway = await createGateway(
    toGatewayConfig({
      supergraph: { file: supergraphFile },
      http: { port: 0 },
      telemetry: { logLevel: 'silent' },
      ...config,
    }),
  );
  opened.push(gateway);
  return gateway;
}

const asked = () => peers.flatMap((peer) => peer.asked.map(({ body }) => body.query));
const refused = (...paths: (string | number)[][]) =>
  paths.map((path) => ({
    message: 'Unauthorized field or type',
    path,
    extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
  }));

/** For a caller without a token: operation, answer, paths of the errors. */
const NOBODY: [string, unknown, string[][]][] = [
  ['{ member { id mail name } }', { member: { id: '1', mail: null, name: 'Ada' } }, [['member', 'mail']]],
  ['{ member { mail } open }', { member: { mail: null }, open: 'open' }, [['member', 'mail']]],
  ['{ member { name: mail } }', { member: { name: null } }, [['member', 'name']]],
  [
    '{ member { __proto__: mail then: mail } }',
    JSON.parse('{"member":{"__proto__":null,"then":null}}'),
    [
      ['member', '__proto__'],
      ['member', 'then'],
    ],
  ],
  [
    '{ member { ...F } } fragment F on Member { ... { x: mail } name }',
    { member: { x: null, name: 'Ada' } },
    [['member', 'x']],
  ],
  [
    '{ everybody { mail name } }',
    {
      everybody: [
        { mail: null, name: 'Ada' },
        { mail: null, name: 'Bob' },
      ],
    },
    [['everybody', '@', 'mail']],
  ],
  [
    '{ everybody { ... on Guest { mail } ... on Member { mail } } }',
    { everybody: [{ mail: null }, { mail: 'open' }] },
    [['everybody', '@', 'mail']],
  ],
  [
    '{ everybody { ... on Member { ... on Person { mail } } } }',
    { everybody: [{ mail: null }, {}] },
    [['everybody', '@', 'mail']],
  ],
  [
    '{ everybody { ... on Guest { friend { mail } } id } }',
    { everybody: [{ id: '1' }, { friend: null, id: '2' }] },
    [['everybody', '@', 'friend', 'mail']],
  ],
  [
    '{ everybody { mail ... on Guest { mail } } }',
    { everybody: [{ mail: null }, { mail: 'open' }] },
    [['everybody', '@', 'mail']],
  ],
  // null takes along what may not be null
  ['{ member { name bill } open }', { member: null, open: 'open' }, [['member', 'bill']]],
  ['{ member { name pets } }', { member: null }, [['member', 'pets']]],
  ['{ everybody { name ... on Member { bill } } open }', null, [['everybody', '@', 'bill']]],
  ['{ open root }', null, [['root']]],
  // what a type is kept by, each field that gives it is
  ['{ vault { id } open }', { vault: null, open: 'open' }, [['vault']]],
  ['{ vault { __typename } }', { vault: null }, [['vault']]],
  [
    '{ found { __typename ... on Member { name } ... on Vault { gold } } }',
    {
      found: [
        { __typename: 'Member', name: 'Ada' },
        { __typename: 'Vault', gold: null },
      ],
    },
    [['found', '@', 'gold']],
  ],
  // behind an entity of another subgraph
  [
    '{ marks { id of { name mail } } }',
    { marks: [{ id: 'a', of: { name: 'Ada', mail: null } }] },
    [['marks', '@', 'of', 'mail']],
  ],
  [
    '{ member { name marks { id of { pets } } } }',
    { member: { name: 'Ada', marks: [{ id: 'a', of: null }] } },
    [['member', 'marks', '@', 'of', 'pets']],
  ],
  ['{ member { secretMarks { id } } }', { member: null }, [['member', 'secretMarks']]],
  [
    '{ member { friend { mail ... on Guest { id } } } }',
    { member: { friend: { mail: null, id: '2' } } },
    [['member', 'friend', 'mail']],
  ],
  // the operation that runs, and what of it the variables include
  ['query A { open } query B { member { mail } }', { open: 'open' }, []],
  [
    'query A($no: Boolean = false) { open member { name mail @include(if: $no) } }',
    { open: 'open', member: { name: 'Ada' } },
    [],
  ],
  ['query A($no: Boolean! = true) { member { name ... @skip(if: $no) { mail } } }', { member: { name: 'Ada' } }, []],
  ['mutation { wipe keep }', { wipe: null, keep: 2 }, [['wipe']]],
  ['mutation { wipe }', { wipe: null }, [['wipe']]],
];

describe.each(['apollo', 'weft'] as const)('with the engine %s', (engine) => {
  let gateway: Gateway;
  const tell = async (query: string, options?: AskOptions) => {
    const { status, json, headers, text } = await ask(gateway.url, query, options);
    return { status, json, text, cacheControl: headers.get('cache-control') };
  };
  const as = async (scope: string, subject = '1') => ({ headers: bearer(await issuer.token(subject, { scope })) });
  beforeAll(async () => {
    const authentication = { jwksFile: issuer.jwksFile, issuer: ISSUER, audience: AUDIENCE };
    gateway = await open({ engine, authentication });
  });

  test.each(NOBODY)(
    'a caller without a token gets what is open, and no subgraph is asked for more: %s',
    async (query, data, paths) => {
      const options = /query A/.test(query) ? { operationName: 'A' } : {};
      const { status, json, text } = await tell(query, options);
      const errors = paths.length === 0 ? {} : { errors: refused(...paths) };
      expect([status, json]).toEqual([200, { ...errors, data }]);
      expect(text).not.toContain('SECRET');
      expect(asked().join('\n')).not.toMatch(/\b(bill|pets|secretMarks|gold|wipe|root)\b/);
      if (!query.includes('Guest')) expect(asked().join('\n')).not.toMatch(/\bmail\b/);
    },
  );

  test('fields of an answer stay in the order in which they were asked for', async () => {
    expect((await tell('{ open a: member { mail id } everybody { name mail id } }')).text).toContain(
      '"data":{"open":"open","a":{"mail":null,"id":"1"},"everybody":[{"name":"Ada","mail":null,"id":"1"}',
    );
  });

  test('a caller gets what the scopes of the token are enough for, and they are compared whole', async () => {
    const query = '{ member { mail bill } }';
    const whole = { data: { member: { mail: 'SECRET', bill: 7 } } };
    const without = { errors: refused(['member', 'bill']), data: { member: null } };
    for (const [scope, answer] of [
      ['bills read', whole],
      ['all', whole],
      ['read other bills', whole],
      ['bills', without],
      ['', without],
      ['al alll bill read', without],
    ] as const) {
      expect([scope, (await tell(query, await as(scope))).json]).toEqual([scope, answer]);
    }
  });

  test('an answer with something protected is private, whatever subgraphs say, and another caller does not get it', async () => {
    for (const peer of peers) peer.cacheControl = 'public, max-age=60';
    const query = '{ member { id mail } }';
    const mine = await tell(query, await as(''));
    expect([mine.json.data, mine.cacheControl]).toEqual([
      { member: { id: '1', mail: 'SECRET' } },
      'private, max-age=60',
    ]);
    expect(await tell(query, await as(''))).toEqual(mine);
    expect(asked().length).toBe(1);
    const anonymous = await tell(query);
    expect([anonymous.json.data, anonymous.cacheControl]).toEqual([{ member: { id: '1', mail: null } }, 'no-store']);
    expect((await tell('{ member { id } }')).cacheControl).toBe('public, max-age=60');
  });

  test('an answer of somebody with more scopes is not shown to the same one with fewer', async () => {
    for (const peer of peers) peer.cacheControl = 'public, max-age=60';
    const query = '{ member { pets bill } }';
    expect((await tell(query, await as('all'))).json.data).toEqual({ member: { pets: ['SECRET'], bill: 7 } });
    expect((await tell(query, await as('some'))).json).toEqual({
      errors: refused(['member', 'bill']),
      data: { member: null },
    });
  });

  test('errors of subgraphs and refusals stand side by side', async () => {
    const [first] = peers as [Peer, Peer];
    first.answer = (_request, response) => void response.writeHead(500).end();
    const { json } = await tell('{ member { mail } open }');
    first.answer = undefined;
    expect(json.data).toEqual({ member: null, open: null });
    expect(json.errors?.map(({ extensions }) => extensions.code)).toEqual(
      expect.arrayContaining(['SUBREQUEST_HTTP_ERROR', 'UNAUTHORIZED_FIELD_OR_TYPE']),
    );
  });

  test('variables that do not fit are told as ever', async () => {
    const { status, json } = await tell('query A($x: Boolean!) { member { mail @include(if: $x) } }');
    expect([status, json.data, json.errors?.[0]?.extensions.code]).toEqual([400, undefined, 'BAD_USER_INPUT']);
  });
});

test('without an identity provider nobody is somebody: what is protected is seen by no one', async () => {
  const { url } = await open({});
  expect((await ask(url, '{ member { mail } }')).json.data).toEqual({ member: { mail: null } });
  const headers = bearer(await issuer.token('1', { scope: 'all' }));
  expect((await ask(url, '{ member { mail } }', { headers })).status).toBe(401);
});
