import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Deduplicator } from './deduplicate.ts';

test('equal texts have one index, in the order in which they first came', () => {
  const known = new Deduplicator();
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 3_000 }), (texts) => {
      known.clear();
      const distinct = [...new Set(texts)];
      const seen = new Set<string>();
      for (const text of texts) {
        const bytes = Buffer.from(`##${text}##`);
        const found = known.findOrAdd(bytes, 2, bytes.length - 2, text.length);
        expect(found).toBe(seen.has(text) ? distinct.indexOf(text) : -1);
        seen.add(text);
      }
      expect(known.count).toBe(distinct.length);
    }),
    { numRuns: 60 },
  );
});
