import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createReplayWindow } from './replay-window.ts';

const WINDOW = 32_768;

test('each counter is taken once, in any order, unless it is too far behind', () => {
  const jump = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40_000, max: 70_000 }));
  fc.assert(
    fc.property(fc.array(jump, { maxLength: 200 }), (jumps) => {
      const window = createReplayWindow({ forgetAfterMs: 1_000 });
      const seen = new Set<number>();
      let newest = -1;
      let at = 0;
      for (const by of jumps) {
        at = Math.max(0, at + by);
        const expected = !seen.has(at) && newest - at < WINDOW;
        expect([at, window.accept('a', at, 0)]).toEqual([at, expected]);
        if (expected) seen.add(at);
        newest = Math.max(newest, expected ? at : newest);
      }
    }),
    { numRuns: 200 },
  );
});

test('a counter that shares its place with one used long ago is taken', () => {
  const window = createReplayWindow({ forgetAfterMs: 1_000 });
  const order = [5, 20_000, WINDOW + 100, WINDOW + 5, WINDOW + 5, 20_000];
  expect(order.map((counter) => window.accept('a', counter, 0))).toEqual([true, true, true, true, false, false]);
});

test('signers do not see each other', () => {
  const window = createReplayWindow({ forgetAfterMs: 1_000 });
  expect([window.accept('a', 0, 0), window.accept('b', 0, 0), window.accept('a', 0, 0)]).toEqual([true, true, false]);
});

test('memory is bounded: silent signers are forgotten, and when all are fresh a new one is refused', () => {
  const window = createReplayWindow({ forgetAfterMs: 1_000, maxSigners: 3 });
  for (const [at, name] of ['a', 'b', 'c'].entries()) expect(window.accept(name, 0, at)).toBe(true);
  expect(window.accept('d', 0, 900)).toBe(false);
  expect(window.accept('a', 1, 900)).toBe(true);
  // b and c were silent for longer than a second, a was not.
  expect(window.accept('d', 0, 1_500)).toBe(true);
  expect(window.size).toBe(2);
  expect(window.accept('a', 1, 1_500)).toBe(false);
});
