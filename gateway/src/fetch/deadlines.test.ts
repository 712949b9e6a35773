import { expect, test } from '@jest/globals';
import { createDeadlines } from './deadlines.ts';

/** Deadlines in so many milliseconds; gives those that fired, in turn, and when each did. */
async function fired(deadlinesMs: readonly number[], removed: readonly number[] = []): Promise<Map<number, number>> {
  const deadlines = createDeadlines();
  const began = performance.now();
  const times = new Map<number, number>();
  const last = Math.max(...deadlinesMs);
  await new Promise<void>((resolve) => {
    const held = setTimeout(() => undefined, 60_000);
    deadlines.add({ onDeadline: () => undefined }, began + 3_600_000); // the first one is not the next one
    const ticks = deadlinesMs.map((ms, index) => {
      const onDeadline = (): void => {
        times.set(index, performance.now() - began);
        if (ms !== last) return;
        clearTimeout(held);
        resolve();
      };
      const deadline = { onDeadline };
      return { deadline, tick: deadlines.add(deadline, began + ms) };
    });
    for (const index of removed) {
      const found = ticks[index];
      if (found !== undefined) deadlines.remove(found.deadline, found.tick);
    }
  });
  return times;
}

test('deadlines fire in the order of their moments, whatever the order they were made in', async () => {
  const given = [120, 30, 90, 30, 1, 60, 121];
  const times = await fired(given);
  expect([...times.keys()].map((index) => given[index])).toEqual([1, 30, 30, 60, 90, 120, 121]);
});

test('no deadline fires early', async () => {
  const given = Array.from({ length: 100 }, (_, index) => index + 1);
  for (const [index, at] of await fired(given)) expect(at).toBeGreaterThanOrEqual(given[index] as number);
});

test('a deadline that was removed never fires', async () => {
  const times = await fired([10, 20, 20, 40], [0, 1]);
  expect([...times.keys()]).toEqual([2, 3]);
});

test('a deadline may begin another one when it fires', async () => {
  const deadlines = createDeadlines();
  const held = setTimeout(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    const second = { onDeadline: () => resolve() };
    const first = { onDeadline: () => void deadlines.add(second, performance.now() + 20) };
    deadlines.add(first, performance.now() + 20);
  });
  clearTimeout(held);
});

test('a deadline that another one removes as it fires never fires', async () => {
  const deadlines = createDeadlines();
  const held = setTimeout(() => undefined, 60_000);
  const seen: string[] = [];
  await new Promise<void>((resolve) => {
    const at = performance.now() + 20;
    const second = { onDeadline: () => void seen.push('second') };
    const third = { onDeadline: () => resolve() };
    const first = { onDeadline: () => deadlines.remove(second, tick) };
    deadlines.add(first, at);
    const tick = deadlines.add(second, at);
    deadlines.add(third, at);
  });
  clearTimeout(held);
  expect(seen).toEqual([]);
});
