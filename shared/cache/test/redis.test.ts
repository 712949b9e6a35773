import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import { hasRedis, type RedisServer, startRedis, waitFor } from '@weft/testing';
import fc from 'fast-check';
import { type Cache, createCache } from '../src/index.ts';

const redisTest = hasRedis() ? test : test.skip;
const HOUR_MS = 3_600_000;

let redis: RedisServer;
const unhandled: unknown[] = [];
const remember = (error: unknown) => void unhandled.push(error);
const opened: Cache[] = [];
let log: string[] = [];

beforeAll(async () => {
  process.on('unhandledRejection', remember);
  if (hasRedis()) redis = await startRedis({ arguments: ['--maxmemory', '16mb'] });
});
afterAll(async () => {
  await redis?.stop();
  process.off('unhandledRejection', remember);
});
beforeEach(() => {
  log = [];
});
afterEach(async () => {
  for (const cache of opened.splice(0)) await cache.stop();
  await redis?.command('FLUSHALL');
  // Whatever a test did to Redis: no promise was left without anyone to take its failure.
  expect(unhandled).toEqual([]);
});

/** One process' cache; the same name shares Redis. */
function open(name = 'rows', l2TimeoutMs = 1_000, maxBytes = 1e6): { cache: Cache; metrics(): Promise<string> } {
  const telemetry = createTelemetry({ service: 'test', writeLog: (line) => log.push(line) });
  const cache = createCache({ name, maxBytes, telemetry, redisUrl: redis.url, l2TimeoutMs });
  opened.push(cache);
  return { cache, metrics: () => telemetry.metricsText() };
}

const set = (cache: Cache, key: string, text: string, ttlMs = HOUR_MS) => cache.setMany([{ key, text, ttlMs }]);

/** What Redis holds of a key, through a cache whose first level is empty. */
async function stored(key: string, name = 'rows'): Promise<string | undefined> {
  const reader = open(name).cache;
  await connected(reader);
  const [text] = await reader.getMany([key]);
  await reader.stop();
  return text;
}

/** Until Redis is used: what one cache of the pair writes, the other one reads. */
async function connected(cache: Cache): Promise<void> {
  await redis.command('SET', 'rows::probe', PROBE);
  await redis.command('SET', 'full::probe', PROBE);
  await waitFor(async () => (await cache.getMany(['probe']))[0] === 'x', { what: 'Redis to be used' });
  await cache.delete(['probe']);
}
const PROBE = `weft1:${(8e12).toString(36)}:1:x`;

redisTest('what one process caches the other one reads, with the time that is left of it', async () => {
  const [one, two] = [open().cache, open().cache];
  await connected(one);
  await connected(two);
  set(one, 'a', '{"name":"caf\u00e9"}', 600);
  set(one, 'b', '', HOUR_MS);
  await waitFor(async () => (await two.getMany(['b']))[0] === '', { what: 'the write' });
  expect(await two.getMany(['b', 'a', 'none', 'a'])).toEqual([
    '',
    '{"name":"caf\u00e9"}',
    undefined,
    '{"name":"caf\u00e9"}',
  ]);
  // Now in its first level too, and gone from it when it would have been gone from the other's.
  expect(two.peek('a')).toBe('{"name":"caf\u00e9"}');
  await waitFor(() => two.peek('a') === undefined, { what: 'the end of its life', timeoutMs: 2_000 });
  expect(await two.getMany(['a'])).toEqual([undefined]);
});

redisTest('caches of other names do not meet, whatever their keys look like', async () => {
  const [rows, other] = [open('rows').cache, open('rows:x').cache];
  await connected(rows);
  set(rows, 'x::a', 'of rows');
  await waitFor(async () => (await stored('x::a')) === 'of rows', { what: 'the write' });
  expect(await other.getMany(['a', ':a', 'x::a', 'rows::x::a'])).toEqual(Array(4).fill(undefined));
  for (const name of ['rows::x', 'rows:', ':rows', '', 'a*', 'a b'])
    expect(() => open(name)).toThrow('cannot be the name of a cache');
});

redisTest('many keys are one MGET, and only those that the first level does not have', async () => {
  const { cache, metrics } = open();
  await connected(cache);
  set(cache, 'near', 'x');
  await redis.command('CONFIG', 'RESETSTAT');
  await cache.getMany(['near', ...Array.from({ length: 300 }, (_, n) => `far:${n}`), 'far:0']);
  const stats = await redis.command('INFO', 'commandstats');
  expect(/cmdstat_mget:calls=(\d+)/.exec(stats)?.[1]).toBe('1');
  expect(stats).not.toContain('cmdstat_get:');
  expect(await metrics()).toContain('cache_reads_total{cache="rows",level="l2",result="miss"} 30');
  expect(await cache.getMany(['near'])).toEqual(['x']);
  expect(/cmdstat_mget:calls=(\d+)/.exec(await redis.command('INFO', 'commandstats'))?.[1]).toBe('1');
});

redisTest('the last write of a key wins, also when nobody waits for any of them', async () => {
  const { cache } = open();
  await connected(cache);
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c'),
    text: fc.option(fc.constantFrom('1', '2', '3')),
    pause: fc.nat(2),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const last = new Map<string, string | undefined>();
      for (const { key, text, pause } of steps) {
        if (text === null) void cache.delete([key]);
        else set(cache, key, text);
        last.set(key, text ?? undefined);
        for (let n = 0; n < pause; n++) await turn();
      }
      // A delete resolves when all before it is written.
      await cache.delete(['none']);
      const replies = await Promise.all([...last.keys()].map((key) => redis.command('GET', `rows::${key}`)));
      const texts = replies.map((reply) => /^\$\d+\r\nweft1:\w+:\w+:(.)\r\n$/.exec(reply)?.[1]);
      expect(texts).toEqual([...last.values()]);
      await cache.delete([...last.keys()]);
    }),
    { numRuns: 40 },
  );
});

redisTest(
  'what waits to be written is read as if it were: a delete hides what Redis still has, a set needs no first level',
  async () => {
    const { cache } = open();
    await connected(cache);
    await redis.command('SET', 'rows::a', PROBE);
    const deleted = cache.delete(['a']);
    expect(await cache.getMany(['a'])).toEqual([undefined]);
    expect(cache.peek('a')).toBeUndefined();
    await deleted;

    const tiny = open('rows', 1_000, 0).cache;
    await connected(tiny);
    set(tiny, 'b', 'first');
    set(tiny, 'b', 'second');
    expect([tiny.peek('b'), await tiny.getMany(['b'])]).toEqual([undefined, ['second']]);
    await tiny.delete(['none']);
    expect(await tiny.getMany(['b'])).toEqual(['second']);
  },
);

redisTest('a delete overtakes a read that is under way: the old text is neither given nor kept', async () => {
  const { cache } = open('rows', 5_000);
  await connected(cache);
  await redis.command('SET', 'rows::a', PROBE);
  await redis.command('SET', 'rows::b', PROBE);
  redis.pause();
  const reading = cache.getMany(['a', 'b', 'c']);
  await turn();
  const deleted = cache.delete(['a']);
  set(cache, 'c', 'newer');
  redis.resume();
  expect(await reading).toEqual([undefined, 'x', 'newer']);
  await deleted;
  expect([cache.peek('a'), cache.peek('b'), cache.peek('c')]).toEqual([undefined, 'x', 'newer']);
  expect(await stored('a')).toBeUndefined();
});

redisTest('rubbish is a miss, is deleted, and is replaced', async () => {
  const { cache, metrics } = open();
  await connected(cache);
  await redis.command('SET', 'rows::text', 'rubbish');
  await redis.command('SET', 'rows::json', '{"value":"x","expires":null}');
  await redis.command('SET', 'rows::cut', PROBE.slice(0, -1));
  await redis.command('SET', 'rows::expired', `weft1:${(1).toString(36)}:1:x`);
  await redis.command('RPUSH', 'rows::list', 'a', 'b');
  await redis.command('SET', 'rows::good', PROBE);
  const keys = ['text', 'good', 'json', 'cut', 'expired', 'list'];
  expect(await cache.getMany(keys)).toEqual([undefined, 'x', undefined, undefined, undefined, undefined]);
  expect(await metrics()).toContain('cache_reads_total{cache="rows",level="l2",result="rubbish"} 3');
  await waitFor(async () => (await redis.command('EXISTS', 'rows::text', 'rows::json', 'rows::cut')) === ':0\r\n', {
    what: 'the deletion',
  });
  for (const key of keys) set(cache, key, 'new');
  await cache.delete(['none']);
  for (const key of keys) expect([key, await stored(key)]).toEqual([key, 'new']);
});

redisTest('keys and texts that UTF-8 cannot carry stay in the process', async () => {
  const { cache } = open();
  await connected(cache);
  set(cache, 'a\ud800', 'one');
  set(cache, 'b', 'first');
  set(cache, 'b', 'lone \udc00');
  await cache.delete(['none']);
  expect(await cache.getMany(['a\ud800', 'a\ud801', 'b'])).toEqual(['one', undefined, 'lone \udc00']);
  expect(await stored('a\ud801')).toBeUndefined();
  expect(await stored('b')).toBeUndefined();
});

redisTest('clear empties both levels of its name and leaves other names alone', async () => {
  const [rows, other] = [open('rows').cache, open('full').cache];
  await connected(rows);
  await connected(other);
  set(rows, 'a', '1');
  set(other, 'a', '1');
  await rows.delete(['none']);
  await other.delete(['none']);
  await rows.clear();
  expect(await rows.getMany(['a'])).toEqual([undefined]);
  await waitFor(async () => (await redis.command('EXISTS', 'rows::a')) === ':0\r\n', { what: 'the deletion' });
  await connected(rows);
  expect(await stored('a', 'full')).toBe('1');
});

redisTest(
  'a Redis that is full refuses writes, reads go on, an older text does not stay, and it is told once',
  async () => {
    const { cache } = open('full');
    await connected(cache);
    set(cache, 'a', 'old');
    await cache.delete(['none']);
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    set(cache, 'a', 'new');
    set(cache, 'b', 'new');
    await cache.delete(['none']);
    set(cache, 'c', 'new');
    await cache.delete(['none']);
    await redis.command('CONFIG', 'SET', 'maxmemory', '16mb');
    expect(await cache.getMany(['a', 'b', 'c'])).toEqual(['new', 'new', 'new']);
    for (const key of ['a', 'b', 'c']) expect([key, await stored(key, 'full')]).toEqual([key, undefined]);
    expect(log.filter((line) => line.includes('does not take what is written'))).toHaveLength(1);
    expect(log.join()).not.toContain('is not used');
  },
);
