import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainAll } from '@weft/database';
import { type SubgraphOnFleet, startOnFleet } from '@weft/subgraph';
import { testFleet } from '@weft/testing';
import { type ReviewsTables, subgraph } from '../src/index.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<ReviewsTables>;

beforeAll(async () => {
  fleet = await testFleet({ name: 'access-paths', shards: 1 });
  running = await startOnFleet(subgraph, fleet);
});
afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

test('every statement of the loaders reads its rows by an index', async () => {
  expect(subgraph.loaders.length).toBeGreaterThan(0);
  expect(await explainAll(running.database, subgraph.loaders)).toEqual([]);
});
