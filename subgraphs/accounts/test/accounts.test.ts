import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainAll } from '@weft/database';
import { composeId } from '@weft/ids';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import { type AccountsTables, subgraph } from '../src/index.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<AccountsTables>;

const ada = composeId({ ms: 1_000, bucket: 5, sequence: 1 });
const grace = composeId({ ms: 1_000, bucket: 1_000, sequence: 1 });
const nobody = composeId({ ms: 1_000, bucket: 500, sequence: 1 });
const as = (subject: string) => ({ user: { subject, scopes: [] } });

beforeAll(async () => {
  fleet = await testFleet({ name: 'accounts' });
  running = await startOnFleet(subgraph, fleet);
  await addAccount(ada, 'ada', 2);
  await addAccount(grace, 'grace', 0);
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

async function addAccount(id: string, username: string, addresses: number): Promise<void> {
  const { database } = running;
  const shard = database.shardOf({ id });
  await database.query(shard, 'insert into accounts.account values ($1, $2, $3, $4, $5)', [
    ...[id, username, username.toUpperCase(), `${username}@example.test`, '2026-01-31T08:30:00.5Z'],
  ]);
  await database.query(database.shardOf({ text: username }), 'insert into accounts.username_lookup values ($1, $2)', [
    ...[username, id],
  ]);
  for (let n = 1; n <= addresses; n++) {
    await database.query(shard, 'insert into accounts.address values ($1, $2, $3, $4, $5, $6, $7)', [
      ...[composeId({ ms: 2_000, bucket: 5, sequence: n }), id, `home ${n}`, 'Main Street 1', 'Berlin', '10115', 'DE'],
    ]);
  }
}

const entities = (selection: string) =>
  `query Entities($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`;
const users = (...ids: readonly string[]) => ({ representations: ids.map((id) => ({ __typename: 'User', id })) });

test('me is the user of the token, with what is only theirs', async () => {
  const query = '{ me { id username name memberSince email addresses { label street city postalCode country } } }';
  const { data, errors, headers } = await running.call({ query, ...as(ada) });
  expect(errors).toEqual([]);
  const address = { street: 'Main Street 1', city: 'Berlin', postalCode: '10115', country: 'DE' };
  expect(data?.me).toEqual({
    ...{ id: ada, username: 'ada', name: 'ADA', memberSince: '2026-01-31T08:30:00.500Z', email: 'ada@example.test' },
    addresses: [
      { label: 'home 1', ...address },
      { label: 'home 2', ...address },
    ],
  });
  expect(headers.get('cache-control')).toBe('max-age=30, private');
});

test('me needs a token; a subject that is nobody here is null', async () => {
  const anonymous = await running.call({ query: '{ me { id } }' });
  expect([anonymous.data, anonymous.errors[0]?.extensions.code]).toEqual([{ me: null }, 'UNAUTHENTICATED']);
  for (const subject of [nobody, 'auth0|somebody']) {
    expect(await running.call({ query: '{ me { id } }', ...as(subject) })).toMatchObject({
      data: { me: null },
      errors: [],
    });
  }
});

test('email and addresses of somebody else are null with an error each, and the rest of the user is there', async () => {
  const query = `query($id: ID!) { user(id: $id) { username email addresses { city } } }`;
  const expected = { user: { username: 'ada', email: null, addresses: null } };
  for (const [caller, code] of [
    [as(grace), 'UNAUTHORIZED_FIELD_OR_TYPE'],
    [{}, 'UNAUTHENTICATED'],
  ] as const) {
    const { data, errors } = await running.call({ query, variables: { id: ada }, ...caller });
    expect(data).toEqual(expected);
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual([
      ['user.email', code],
      ['user.addresses', code],
    ]);
  }
});

test('a user is found by id, by username and as an entity; others are null', async () => {
  const { data, errors, headers } = await running.call({
    query: `query($id: ID!, $representations: [_Any!]!) {
      user(id: $id) { username } userByUsername(username: "grace") { id } nobody: userByUsername(username: "nobody") { id }
      _entities(representations: $representations) { ... on User { username } }
    }`,
    variables: { id: ada, ...users(grace, nobody, ada) },
  });
  expect(errors).toEqual([]);
  expect(data).toEqual({
    ...{ user: { username: 'ada' }, userByUsername: { id: grace }, nobody: null },
    _entities: [{ username: 'grace' }, null, { username: 'ada' }],
  });
  expect(headers.get('cache-control')).toBe('max-age=60, public');
});

test('a username that the lookup knows but the account does not have any more finds nobody', async () => {
  const { database } = running;
  const row = ['augusta', ada];
  await database.query(
    database.shardOf({ text: 'augusta' }),
    'insert into accounts.username_lookup values ($1, $2)',
    row,
  );
  const { data } = await running.call({ query: '{ userByUsername(username: "augusta") { id } }' });
  expect(data).toEqual({ userByUsername: null });
});

test('a malformed id is an error at its own place', async () => {
  const { data, errors } = await running.call({ query: entities('... on User { id }'), variables: users('x', ada) });
  expect(data).toEqual({ _entities: [null, { id: ada }] });
  expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('every statement of every loader has an index for its keys', async () => {
  expect(await explainAll(running.database, subgraph.loaders)).toEqual([]);
});

test('asking for email makes the answer one that nobody else may keep', async () => {
  const query = entities('... on User { id email }');
  expect((await running.call({ query, variables: users(ada), ...as(ada) })).headers.get('cache-control')).toBe(
    'max-age=30, private',
  );
});
