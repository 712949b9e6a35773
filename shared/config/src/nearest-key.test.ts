import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { editDistance, nearestKey } from './nearest-key.ts';

test('slips of the hand are recognised: swapped, missing, doubled, other case, other separators', () => {
  const known = ['timeout', 'maxConnections', 'port', 'introspection'];
  const slips = {
    tiemout: 'timeout',
    timout: 'timeout',
    timeoutt: 'timeout',
    max_connections: 'maxConnections',
    Prot: 'port',
  };
  for (const [slip, meant] of Object.entries(slips)) expect([slip, nearestKey(slip, known, [])]).toEqual([slip, meant]);
  expect(nearestKey('zebra', known, [])).toBeUndefined();
});

test('the distance is a distance: nothing to itself, the same both ways, at most what was changed', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const limit = 24;
      expect(editDistance(a, a, limit)).toBe(0);
      expect(editDistance(a, b, limit)).toBe(editDistance(b, a, limit));
      expect(editDistance(a, b, limit)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(editDistance(a, b, limit) === 0).toBe(a === b);
    }),
  );
});

test('a limit only cuts: below it the distance is the same', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, limit) => {
      expect(editDistance(a, b, limit)).toBe(Math.min(editDistance(a, b, 24), limit + 1));
    }),
  );
});
