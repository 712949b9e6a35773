import { expect, test } from '@jest/globals';
import { createGenerations } from './generations.ts';

function create(count: number) {
  const stopped: string[] = [];
  const all = Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    stop: async () => void stopped.push(`${index}`),
  }));
  const [first, ...others] = all as [(typeof all)[number], ...typeof all];
  return { stopped, others, generations: createGenerations(first, () => undefined) };
}

test('a generation stops when its last lease ends, and not before', async () => {
  const { stopped, others, generations } = create(2);
  const a = generations.lease();
  const b = generations.lease();
  generations.swap(others[0] as never);
  expect([generations.current.id, generations.alive.length, a.generation.id]).toEqual(['1', 2, '0']);
  a.release();
  a.release(); // a second one must not end the lease of another
  expect(stopped).toEqual([]);
  b.release();
  expect([stopped, generations.alive.length]).toEqual([['0'], 1]);
});

test('one that nobody holds stops at once, and the last one when the gateway does', async () => {
  const { stopped, others, generations } = create(3);
  for (const next of others) generations.swap(next);
  expect(stopped).toEqual(['0', '1']);
  await generations.stop();
  expect([stopped, generations.alive.length]).toEqual([['0', '1', '2'], 0]);
});
