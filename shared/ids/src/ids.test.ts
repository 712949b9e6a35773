import { expect, test } from '@jest/globals';
import { isGraphError } from '@weft/errors';
import fc from 'fast-check';
import { BUCKETS, bucketOfId, bucketOfText, composeId, createIds, EPOCH_MS, isId, parseId } from './index.ts';

const parts = fc.record({
  ms: fc.integer({ min: 0, max: 2 ** 41 - 1 }),
  bucket: fc.integer({ min: 0, max: BUCKETS - 1 }),
  sequence: fc.integer({ min: 1, max: 4_095 }),
});

test('an id gives back the parts it was made of', () => {
  fc.assert(
    fc.property(parts, (given) => {
      const id = composeId(given);
      expect(parseId(id)).toEqual(given);
      expect(bucketOfId(id)).toBe(given.bucket);
      expect(isId(id)).toBe(true);
    }),
  );
});

test('the bucket without BigInt is the bucket with it, for every positive int8', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (value) => {
      expect(bucketOfId(value.toString())).toBe(Number((value >> 12n) & 1_023n));
    }),
    { numRuns: 1_000 },
  );
});

test('ids of one bucket ascend, also when the clock stands still or goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 200 }), (steps) => {
      let now = EPOCH_MS + 1_000;
      const ids = createIds({ clock: () => now });
      const made = steps.map((step) => {
        now += step;
        return BigInt(ids.next(7));
      });
      expect(made).toEqual([...new Set(made)].sort((a, b) => (a < b ? -1 : 1)));
    }),
  );
});

test('a burst in one millisecond runs ahead of the clock and never repeats', () => {
  const ids = createIds({ clock: () => EPOCH_MS + 5 });
  const made = Array.from({ length: 20_000 }, () => ids.next(3));
  expect(new Set(made).size).toBe(made.length);
  expect(made.every((id) => bucketOfId(id) === 3)).toBe(true);
});

test('anything but the canonical decimal text of 1 to 2^63 - 1 is BAD_USER_INPUT', () => {
  const wrong = [
    '',
    '0',
    '01',
    '-1',
    '+1',
    ' 1',
    '1 ',
    '1.0',
    '1e3',
    '0x10',
    '١',
    '1n',
    '9223372036854775808',
    '1'.repeat(20),
  ];
  for (const text of wrong) {
    expect([text, isId(text)]).toEqual([text, false]);
    expect(() => parseId(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
    expect(() => bucketOfId(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      const canonical = /^[1-9]\d{0,18}$/.test(text) && BigInt(text) < 2n ** 63n;
      expect(isId(text)).toBe(canonical);
    }),
  );
  for (const value of [1, 1n, null, undefined, {}, ['1']]) expect(isId(value)).toBe(false);
});

test('the error for a malformed id does not repeat it to the client', () => {
  try {
    parseId('<script>');
    throw new Error('not reached');
  } catch (error) {
    expect(isGraphError(error) && error.message).toBe('This is not an id.');
  }
});

test('parts that do not fit are refused', () => {
  for (const wrong of [{ bucket: BUCKETS }, { bucket: -1 }, { bucket: 1.5 }, { sequence: 4_096 }, { ms: 2 ** 41 }]) {
    expect(() => composeId({ ms: 1, bucket: 1, sequence: 1, ...wrong })).toThrow(RangeError);
  }
});

test('the buckets of texts are the ones that rows were stored by, and even', () => {
  // Written down once: a change of the hash would lose every row that is looked up by a natural key.
  expect(['', 'ada', 'grace', 'WEFT-1', 'Zoë', '🙂'].map(bucketOfText)).toMatchInlineSnapshot(`
   [
     11,
     526,
     867,
     106,
     354,
     929,
   ]
  `);
  const counts = new Uint32Array(BUCKETS);
  for (let n = 0; n < 100_000; n += 1) {
    const bucket = bucketOfText(`user${n}`);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  expect(Math.max(...counts)).toBeLessThan(160);
  expect(Math.min(...counts)).toBeGreaterThan(50);
});
