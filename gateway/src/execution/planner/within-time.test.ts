import { expect, test } from '@jest/globals';
import { isTimeout, withinTime } from './within-time.ts';

test('work that does not end is ended, and other work goes on', () => {
  let error: unknown;
  try {
    withinTime(50, () => {
      for (;;);
    });
  } catch (caught) {
    error = caught;
  }
  expect(isTimeout(error)).toBe(true);
  expect(withinTime(1_000, () => 7)).toBe(7);
});

test('what the work throws is thrown', () => {
  const own = new RangeError('x');
  expect(() =>
    withinTime(1_000, () => {
      throw own;
    }),
  ).toThrow(own);
});
