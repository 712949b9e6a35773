import { expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import type { Asker } from './flight.ts';
import { createLane, type Lane } from './lane.ts';

/** A statement that waits for its end. */
interface Sent {
  readonly keys: readonly string[];
  resolve(outcomes: readonly unknown[]): void;
  reject(error: unknown): void;
}

function openLane(): { readonly lane: Lane<string>; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const lane = createLane<string>({
    textOf: (key) => key,
    joinsFlights: true,
    read(keys) {
      const { promise, resolve, reject } = Promise.withResolvers<readonly unknown[]>();
      sent.push({ keys, resolve, reject });
      return promise;
    },
  });
  return { lane, sent };
}

const asker = (signal?: AbortSignal): Asker => ({ limits: { signal }, span: undefined });
const turn = () => new Promise(setImmediate);
const refusal = () => new GraphError('BAD_USER_INPUT', 'refused');

test('who leaves after its key failed for want of a connection does not take the key of another along', async () => {
  const { lane, sent } = openLane();
  const gone = new AbortController();
  const first = lane.load(['a'], asker());
  const second = lane.load(['b'], asker());
  await turn();
  const leaves = lane.load(['b', 'c'], asker(gone.signal));
  await turn();
  sent[0]?.reject(new GraphError('DATABASE_BUSY', 'busy'));
  expect(await first).toMatchObject([{ code: 'DATABASE_BUSY' }]);
  const third = lane.load(['d'], asker());
  const stays = lane.load(['c'], asker());
  await turn();
  gone.abort('left');
  await expect(leaves).rejects.toBe('left');
  sent[1]?.resolve(['B']);
  sent[2]?.resolve(['D']);
  await Promise.all([second, third]);
  await turn();
  expect(sent.map(({ keys }) => keys)).toEqual([['a'], ['b'], ['d'], ['c']]);
  sent[3]?.resolve(['C']);
  expect(await stays).toEqual(['C']);
});

test('a value that the server refuses fails those who sent it, and nobody whose keys were sent along', async () => {
  const { lane, sent } = openLane();
  const filling = ['x', 'y'].map((key) => lane.load([key], asker()));
  const bad = lane.load(['bad', 'both'], asker());
  const others = [['a'], ['b', 'c', 'both'], ['d'], ['a', 'e']].map((keys) => lane.load(keys, asker()));
  await turn();
  let ended = 0;
  const end = async (): Promise<void> => {
    while (ended < sent.length) {
      const { keys, resolve, reject } = sent[ended] as Sent;
      ended += 1;
      if (keys.includes('bad')) reject(refusal());
      else resolve(keys.map((key) => key.toUpperCase()));
      await turn();
    }
  };
  await end();
  await Promise.all(filling);
  expect(await bad).toMatchObject([{ code: 'BAD_USER_INPUT' }, 'BOTH']);
  expect(await Promise.all(others)).toEqual([['A'], ['B', 'C', 'BOTH'], ['D'], ['A', 'E']]);
});

test('who asks for a key of a refused statement that is being read again reads it by its own', async () => {
  const { lane, sent } = openLane();
  const filling = ['x', 'y'].map((key) => lane.load([key], asker()));
  const bad = lane.load(['bad', 'a'], asker());
  const other = lane.load(['b'], asker());
  await turn();
  sent[0]?.resolve(['X']);
  await turn();
  sent[2]?.reject(refusal());
  await turn();
  const late = lane.load(['a'], asker());
  sent[1]?.resolve(['Y']);
  await turn();
  expect(sent.slice(2).map(({ keys }) => keys)).toEqual([['bad', 'a', 'b'], ['bad', 'a'], ['a']]);
  sent[3]?.reject(refusal());
  sent[4]?.resolve(['A']);
  expect(await late).toEqual(['A']);
  await turn();
  sent[5]?.resolve(['B']);
  expect(await bad).toMatchObject([{ code: 'BAD_USER_INPUT' }, { code: 'BAD_USER_INPUT' }]);
  expect(await other).toEqual(['B']);
  await Promise.all(filling);
});

test('a value that the server refuses is not sent again when one request sent all of the keys', async () => {
  const { lane, sent } = openLane();
  const outcomes = lane.load(['bad', 'a'], asker());
  await turn();
  sent[0]?.reject(refusal());
  expect(await outcomes).toMatchObject([{ code: 'BAD_USER_INPUT' }, { code: 'BAD_USER_INPUT' }]);
  expect(sent).toHaveLength(1);
});

test('a statement that failed for another reason is not taken apart', async () => {
  const { lane, sent } = openLane();
  const filling = ['x', 'y'].map((key) => lane.load([key], asker()));
  const two = ['a', 'b'].map((key) => lane.load([key], asker()));
  await turn();
  sent[0]?.resolve(['X']);
  sent[1]?.resolve(['Y']);
  await Promise.all(filling);
  await turn();
  sent[2]?.reject(new GraphError('SHARD_UNAVAILABLE', 'down'));
  expect(await Promise.all(two)).toMatchObject([[{ code: 'SHARD_UNAVAILABLE' }], [{ code: 'SHARD_UNAVAILABLE' }]]);
  expect(sent).toHaveLength(3);
});
