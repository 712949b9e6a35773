import { expect, test } from '@jest/globals';
import { BUCKETS } from '@weft/ids';
import fc from 'fast-check';
import { parseShardMap } from './shard-map.ts';

const yaml = (shards: readonly (readonly [string, string])[], version: unknown = 1): string =>
  `version: ${version}\nbuckets: 1024\nshards:\n${shards.map(([name, buckets]) => `  - name: ${name}\n    buckets: ${buckets}\n`).join('')}`;

test('every bucket is on the shard that the file gives it to, however the file is cut', () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: BUCKETS - 1 }), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (given) => {
      const starts = [0, ...given.sort((a, b) => a - b)];
      const ranges = starts.map((start, index) => ({ start, end: (starts[index + 1] ?? BUCKETS) - 1 }));
      const map = parseShardMap(
        yaml(ranges.map(({ start, end }, index) => [`shard-${index}`, start === end ? `${start}` : `${start}-${end}`])),
      );
      expect(map.shards).toHaveLength(ranges.length);
      const buckets = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
      const wanted = buckets.map((bucket) => `shard-${ranges.findIndex(({ end }) => bucket <= end)}`);
      expect(buckets.map((bucket) => map.shardOfBucket(bucket))).toEqual(wanted);
    }),
    { numRuns: 30 },
  );
});

test('a bucket that is moved alone is written beside the ranges', () => {
  const map = parseShardMap(
    yaml([
      ['a', '0-99, 101-1023'],
      ['b', '"100"'],
    ]),
  );
  expect([map.shardOfBucket(99), map.shardOfBucket(100), map.shardOfBucket(101)]).toEqual(['a', 'b', 'a']);
  expect(() => map.shardOfBucket(BUCKETS)).toThrow(RangeError);
});

test('a map that is not whole, or not one, is refused with the bucket or key and what is allowed', () => {
  const wrong: [string, string][] = [
    [yaml([['a', '0-1022']]), 'bucket 1023 is given to no shard'],
    [
      yaml([
        ['a', '0-600'],
        ['b', '600-1023'],
      ]),
      'bucket 600 is given to a and to b',
    ],
    [yaml([['a', '0-1024']]), 'shards.a.buckets: read "0-1024", allowed are numbers and ranges within 0 to 1023'],
    [yaml([['a', '9-3']]), 'read "9-3"'],
    [
      yaml([
        ['a', '0-511'],
        ['a', '512-1023'],
      ]),
      'two shards have one name',
    ],
    [yaml([['a', '0-1023']], 0), 'version'],
    ['version: 1\nbuckets: 512\nshards: []', 'buckets'],
    ['version: [', 'shard map: '],
    ['', 'shard map: '],
  ];
  for (const [text, said] of wrong) {
    expect(() => parseShardMap(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(said) }),
    );
  }
});
