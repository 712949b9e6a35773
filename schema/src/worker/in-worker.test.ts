import { expect, test } from '@jest/globals';
import { generatedGraph } from '@weft/testing';
import { graphOf } from '../../test/graph-of.ts';
import { inWorker } from './in-worker.ts';

test('a thread composes as the process does, while the event loop goes on', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns++;
  }, 1);
  const [good, bad] = await Promise.all([
    inWorker('compose', graphOf({ a: 'type Query { a: Int }' })),
    inWorker('compose', graphOf({ a: 'type Query { a: Nope }' })),
  ]);
  clearInterval(timer);
  expect(good).toMatchObject({ supergraphSdl: expect.stringContaining('type Query') });
  expect(bad).toMatchObject({ errors: [{ code: 'INVALID_GRAPHQL', places: [{ line: 2 }] }] });
  expect(turns).toBeGreaterThan(10);
});

test('a graph that needs more memory than it may take is told, and the process lives', async () => {
  const { sdls } = generatedGraph({ subgraphs: 20, types: 100, operations: 0 });
  const subgraphs = [...sdls].map(([name, sdl]) => ({ name, url: 'http://x.test', file: `${name}.graphql`, sdl }));
  await expect(inWorker('compose', subgraphs, { memoryMb: 48 })).rejects.toThrow(
    'The graph needs more than 48 MB of memory to compose and compare.',
  );
});

test('bad input is told as it is without a thread', async () => {
  const options = { config: 'nope.yaml', directory: import.meta.dirname };
  await expect(inWorker('checkFiles', options)).rejects.toThrow(
    'The list of subgraphs nope.yaml cannot be read: there is no such file.',
  );
});
