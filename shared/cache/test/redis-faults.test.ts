import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import { hasRedis, type RedisServer, startRedis, waitFor } from '@weft/testing';
import { type Cache, createCache } from '../src/index.ts';

const redisTest = hasRedis() ? test : test.skip;
const L2_TIMEOUT_MS = 20;
/** On a busy machine a timer comes late; what is promised is that nothing waits for Redis. */
const SLACK_MS = 150;

let redis: RedisServer;
const unhandled: unknown[] = [];
const remember = (error: unknown) => void unhandled.push(error);
beforeAll(async () => {
  process.on('unhandledRejection', remember);
  if (hasRedis()) redis = await startRedis();
});
afterAll(async () => {
  await redis?.stop();
  process.off('unhandledRejection', remember);
});

interface Load {
  readonly cache: Cache;
  readonly log: string[];
  /** Milliseconds of every read since the last look. */
  latencies(): number[];
  /** Until one process reads what the other one wrote. */
  untilUsed(): Promise<void>;
  stop(): Promise<void>;
}

/** A process under load, and a second one that shows whether Redis is used. Any exception fails the test. */
function start(): Load {
  const log: string[] = [];
  const telemetry = createTelemetry({ service: 'test', writeLog: (line) => log.push(line) });
  const options = { name: 'rows', maxBytes: 1e6, redisUrl: redis.url, l2TimeoutMs: L2_TIMEOUT_MS };
  const cache = createCache({ ...options, telemetry });
  const other = createCache({ ...options, telemetry: createTelemetry({ service: 'other', logLevel: 'silent' }) });
  const taken: number[] = [];
  let isRunning = true;
  let turn = 0;
  const run = async () => {
    while (isRunning) {
      const keys = [`k${turn++}`, `k${turn++}`];
      const began = performance.now();
      await cache.getMany(keys);
      taken.push(performance.now() - began);
      cache.setMany(keys.map((key) => ({ key, text: 'x'.repeat(50), ttlMs: 60_000 })));
      const deleting = performance.now();
      await cache.delete(keys.slice(1));
      taken.push(performance.now() - deleting);
      await delay(1);
    }
  };
  const running = Promise.all([run(), run(), run()]);
  return {
    cache,
    log,
    latencies: () => taken.splice(0),
    async untilUsed() {
      await waitFor(
        async () => {
          const key = `shared:${turn++}`;
          cache.setMany([{ key, text: 'x', ttlMs: 60_000 }]);
          await cache.delete(['none']);
          return (await other.getMany([key]))[0] === 'x';
        },
        { what: 'Redis to be used', timeoutMs: 20_000 },
      );
    },
    async stop() {
      isRunning = false;
      await running;
      await cache.stop();
      await other.stop();
      expect(unhandled).toEqual([]);
    },
  };
}

function expectQuick(latencies: readonly number[]): void {
  expect(latencies.length).toBeGreaterThan(20);
  const sorted = [...latencies].sort((a, b) => a - b);
  // Most do not ask at all once the breaker is open.
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(L2_TIMEOUT_MS);
  expect(sorted.at(-1)).toBeLessThan(L2_TIMEOUT_MS + SLACK_MS);
}

redisTest('Redis that is absent at the start is used as soon as it is there', async () => {
  await redis.kill();
  const load = start();
  await waitFor(() => load.log.length > 0, { what: 'the log to tell' });
  await delay(300);
  expectQuick(load.latencies());
  expect(load.log.join()).toContain('Redis is not used until it answers');
  expect(load.log).toHaveLength(1);
  await redis.start();
  await load.untilUsed();
  expect(load.log.at(-1)).toContain('Redis is used again');
  await load.stop();
});

redisTest('Redis that is killed under load costs nothing, and is used again by itself', async () => {
  const load = start();
  await load.untilUsed();
  load.latencies();
  await redis.kill();
  await delay(700);
  expectQuick(load.latencies());
  await redis.start();
  await load.untilUsed();
  await load.stop();
});

redisTest('Redis that hangs costs one time limit and then nothing, and is used again by itself', async () => {
  const load = start();
  await load.untilUsed();
  load.latencies();
  redis.pause();
  await delay(1_500);
  expectQuick(load.latencies());
  redis.resume();
  await load.untilUsed();
  await load.stop();
});

redisTest('readers alone find out that it hangs: three wait, the others do not', async () => {
  const log: string[] = [];
  const telemetry = createTelemetry({ service: 'test', writeLog: (line) => log.push(line) });
  const cache = createCache({ name: 'rows', maxBytes: 1e6, redisUrl: redis.url, l2TimeoutMs: 100, telemetry });
  await redis.command('SET', 'rows::probe', `weft1:${(8e12).toString(36)}:1:x`);
  await waitFor(async () => (await cache.getMany(['probe']))[0] === 'x', { what: 'Redis to be used' });
  redis.pause();
  const took: boolean[] = [];
  for (let n = 0; n < 6; n++) {
    const began = performance.now();
    expect(await cache.getMany([`k${n}`])).toEqual([undefined]);
    took.push(performance.now() - began >= 95);
  }
  redis.resume();
  expect(took).toEqual([true, true, true, false, false, false]);
  expect(log).toHaveLength(1);
  await cache.stop();
});

redisTest('what was deleted while Redis was away is never read from it again', async () => {
  const load = start();
  await load.untilUsed();
  load.cache.setMany([{ key: 'price', text: 'old', ttlMs: 600_000 }]);
  await waitFor(async () => (await redis.command('EXISTS', 'rows::price')) === ':1\r\n', { what: 'the write' });
  redis.pause();
  await waitFor(() => load.log.some((line) => line.includes('is not used')), { what: 'the breaker to open' });
  await load.cache.delete(['price']);
  redis.resume();
  // From the first moment on, not only once it has settled.
  for (let n = 0; n < 50; n++) {
    expect(await load.cache.getMany(['price'])).toEqual([undefined]);
    await delay(2);
  }
  await load.untilUsed();
  expect(await load.cache.getMany(['price'])).toEqual([undefined]);
  expect(await redis.command('EXISTS', 'rows::price')).toBe(':0\r\n');
  await load.stop();
});

redisTest('a stop while Redis hangs or is gone leaves nothing behind', async () => {
  // Beside the one that asks.
  const connected = async () => Number(/connected_clients:(\d+)/.exec(await redis.command('INFO', 'clients'))?.[1]) - 1;
  redis.pause();
  const hanging = start();
  await delay(100);
  await hanging.stop();
  redis.resume();
  await waitFor(async () => (await connected()) === 0, { what: 'its connections to be gone' });
  await redis.kill();
  const gone = start();
  await delay(100);
  await gone.stop();
  await redis.start();
  // By then a client that still tries has connected: the one that was not stopped does.
  const other = start();
  await other.untilUsed();
  // The connection of the question before may be there a moment longer.
  await waitFor(async () => (await connected()) === 2, { what: 'its two connections to be the only ones' });
  await other.stop();
  await waitFor(async () => (await connected()) === 0, { what: 'no connection to be left' });
});
