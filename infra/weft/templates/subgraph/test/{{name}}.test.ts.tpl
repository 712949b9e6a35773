import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainAll, type StatementRecord } from '@weft/database';
{{idsImport}}import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import { type {{Tables}}, subgraph } from '../src/index.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<{{Tables}}>;
const statements: StatementRecord[] = [];

{{testKeys}}

beforeAll(async () => {
  fleet = await testFleet({ name: '{{name}}' });
  running = await startOnFleet(subgraph, fleet, { onStatement: (statement) => void statements.push(statement) });
  for (const {{key}} of KEYS) {
    const shard = running.database.shardOf({ {{place}} });
    await running.database.query(shard, 'insert into {{name}}.{{table}} ({{key}}, name) values ($1, $2)', [{{key}}, `name of ${{{key}}}`]);
  }
});

afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

const ENTITIES = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on {{Entity}} { {{key}} name } } }';
const entities = (...keys: readonly string[]) => ({
  query: ENTITIES,
  variables: { of: keys.map(({{key}}) => ({ __typename: '{{Entity}}', {{key}} })) },
});
const rowOf = ({{key}}: string) => ({ {{key}}, name: `name of ${{{key}}}` });

test('a batch of entities costs one statement for each shard it touches', async () => {
  statements.length = 0;
  const { data, errors } = await running.call(entities(...KEYS));
  expect(errors).toEqual([]);
  expect(data).toEqual({ _entities: KEYS.map(rowOf) });
  const shards = statements.map(({ shard }) => shard);
  expect(shards.length).toBe(new Set(shards).size);
  expect(shards.length).toBeGreaterThan(1);
});

test('it is found by its {{key}} in a query too; what is not there is null{{refusalTitle}}', async () => {
  const [first = ''] = KEYS;
  const query = `query($first: {{keyType}}!, $gone: {{keyType}}!) { first: {{entity}}({{key}}: $first) { {{key}} name } gone: {{entity}}({{key}}: $gone) { name } }`;
  const { data, errors } = await running.call({ query, variables: { first, gone: GONE } });
  expect(errors).toEqual([]);
  expect(data).toEqual({ first: rowOf(first), gone: null });
{{refusalTest}}});

test('every statement reads its rows by an index', async () => {
  expect(await explainAll(running.database, subgraph.loaders)).toEqual([]);
});
