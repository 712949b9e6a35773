import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createMemoryCache, ENTRY_OVERHEAD_BYTES, entryBytes, textBytes } from './memory-cache.ts';

test('a text counts one byte a character when it is ASCII and two when it is not', () => {
  expect(['', 'abc', 'caf\u00e9', '\u20ac', '\ud83d\ude00', 'a\ud800'].map(textBytes)).toEqual([0, 3, 8, 2, 4, 4]);
  expect(entryBytes('key', 'abc')).toBe(6 + ENTRY_OVERHEAD_BYTES);
});

test('the least recently used goes first, and reading is using', () => {
  const memory = createMemoryCache({ maxBytes: 3 * entryBytes('a', '1'), clock: () => 0 });
  for (const key of ['a', 'b', 'c']) memory.set(key, '1', 1);
  memory.get('a');
  memory.set('d', '1', 1);
  expect(['a', 'b', 'c', 'd'].map(memory.get)).toEqual(['1', undefined, '1', '1']);
});

test('a text ends with its time to live, to the millisecond, and frees its bytes', () => {
  let now = 0;
  const memory = createMemoryCache({ maxBytes: 1e6, clock: () => now });
  memory.set('a', 'text', 100);
  now = 99;
  expect(memory.get('a')).toBe('text');
  now = 100;
  expect(memory.get('a')).toBeUndefined();
  expect([memory.bytes, memory.size]).toEqual([0, 0]);
});

/** The cache as one would write it to be read: a list, the most recently used last. */
function createModel(maxBytes: number, clock: () => number) {
  let list: { key: string; text: string; expiresMs: number }[] = [];
  const bytes = () => list.reduce((sum, { key, text }) => sum + entryBytes(key, text), 0);
  const remove = (key: string) => {
    list = list.filter((entry) => entry.key !== key);
  };
  return {
    get(key: string) {
      const found = list.find((entry) => entry.key === key);
      remove(key);
      if (found === undefined || found.expiresMs <= clock()) return undefined;
      list.push(found);
      return found.text;
    },
    set(key: string, text: string, expiresMs: number) {
      remove(key);
      if (entryBytes(key, text) > maxBytes || expiresMs <= clock()) return;
      list.push({ key, text, expiresMs });
      while (bytes() > maxBytes) list.shift();
    },
    delete: remove,
    clear() {
      list = [];
    },
    bytes,
    size: () => list.length,
  };
}

test('it does what a simple list would, whatever is asked of it', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'key \u20ac', '__proto__', '');
  const text = fc.string({ unit: 'binary', maxLength: 300 });
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('set' as const), key, text, ttl: fc.integer({ min: -1, max: 20 }) }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(8) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 1_500 }), (steps, maxBytes) => {
      let now = 0;
      const memory = createMemoryCache({ maxBytes, clock: () => now });
      const model = createModel(maxBytes, () => now);
      for (const one of steps) {
        if (one.do === 'wait') now += one.ms;
        else if (one.do === 'clear') for (const cache of [memory, model]) cache.clear();
        else if (one.do === 'delete') for (const cache of [memory, model]) cache.delete(one.key);
        else if (one.do === 'set') for (const cache of [memory, model]) cache.set(one.key, one.text, now + one.ttl);
        else expect([one.key, memory.get(one.key)]).toEqual([one.key, model.get(one.key)]);
        expect([memory.bytes, memory.size]).toEqual([model.bytes(), model.size()]);
        expect(memory.bytes).toBeLessThanOrEqual(maxBytes);
      }
    }),
    { numRuns: 500 },
  );
});
