import { METRICS, type Telemetry } from '@weft/telemetry';
import { createMemoryCache } from './memory-cache.ts';
import { type Answer, createSecondLevel, type SecondLevel } from './second-level.ts';

export interface CacheOptions {
  /** Prefix of every key in Redis and label of the metrics: processes with the same name share what they cache. Words with single colons between. */
  readonly name: string;
  /** Of the first level, in this process. */
  readonly maxBytes: number;
  readonly telemetry: Telemetry;
  /** The second level; without it there is only the first. */
  readonly redisUrl?: string | undefined;
  /** Longest wait for Redis before a read goes on without it. */
  readonly l2TimeoutMs?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

export interface CacheEntry {
  readonly key: string;
  readonly text: string;
  readonly ttlMs: number;
}

/**
 * Texts in two levels: this process, then Redis. A cache is never the reason that something fails: no call throws, and
 * with Redis slow, down or full of rubbish it is a smaller cache.
 */
export interface Cache {
  /** The first level only, without a promise. */
  peek(key: string): string | undefined;
  /** A place for each key, undefined where there is nothing. One MGET for all that the first level does not have. */
  getMany(keys: readonly string[]): Promise<(string | undefined)[]>;
  /** In the first level at once, in Redis in the background, in the order of calls. */
  setMany(entries: readonly CacheEntry[]): void;
  /**
   * From the first level at once; resolves when Redis has deleted too, or after `l2TimeoutMs`. Wins over every `setMany` before it. When Redis
   * is away the keys are remembered, and deleted before it is read again by this process.
   */
  delete(keys: readonly string[]): Promise<void>;
  /** Both levels. */
  clear(): Promise<void>;
  stop(): Promise<void>;
  /** Held by the first level. */
  readonly bytes: number;
}

/** A read of Redis that is under way; keys that were written meanwhile are not filled from it. */
interface Reading {
  readonly keys: ReadonlySet<string>;
  readonly written: Set<string>;
}

export function createCache(options: CacheOptions): Cache {
  const { name, telemetry, redisUrl } = options;
  // With `::` after it in Redis, two such names can never make the same key.
  if (!/^[\w-]+(:[\w-]+)*$/.test(name)) throw new Error(`"${name}" cannot be the name of a cache`);
  const clock = options.clock ?? Date.now;
  const memory = createMemoryCache({ maxBytes: options.maxBytes, clock });
  const second: SecondLevel | undefined =
    redisUrl === undefined
      ? undefined
      : createSecondLevel({ url: redisUrl, name, timeoutMs: options.l2TimeoutMs ?? 10, telemetry, clock });
  const count = createCounters(name, telemetry);
  const readings = new Set<Reading>();

  const touch = (key: string): void => {
    for (const reading of readings) if (reading.keys.has(key)) reading.written.add(key);
  };
  const peek = (key: string): string | undefined => {
    const text = memory.get(key);
    count.first(text !== undefined);
    return text;
  };
  const readSecond = async (keys: ReadonlySet<string>, level: SecondLevel): Promise<Map<string, string>> => {
    const reading: Reading = { keys, written: new Set() };
    readings.add(reading);
    const found = new Map<string, string>();
    try {
      const wanted = [...keys];
      const answers = await level.read(wanted);
      for (const [index, key] of wanted.entries()) {
        const answer = answers[index] ?? 'miss';
        const isAlive = typeof answer === 'object' && answer.expiresMs > clock();
        count.second(typeof answer === 'object' && !isAlive ? 'miss' : answer);
        // Written while Redis was asked: the first level knows better.
        const text = reading.written.has(key) ? memory.get(key) : isAlive ? answer.text : undefined;
        if (text === undefined) continue;
        found.set(key, text);
        if (isAlive && !reading.written.has(key)) memory.set(key, text, answer.expiresMs);
      }
    } finally {
      readings.delete(reading);
      count.bytes(memory.bytes);
    }
    return found;
  };
  return {
    peek,
    async getMany(keys) {
      const texts = keys.map(peek);
      if (second === undefined || !texts.includes(undefined)) return texts;
      const missing = new Set(keys.filter((_, index) => texts[index] === undefined));
      const found = await readSecond(missing, second);
      return texts.map((text, index) => text ?? found.get(keys[index] as string));
    },
    setMany(entries) {
      const now = clock();
      for (const { key, text, ttlMs } of entries) {
        touch(key);
        const expiresMs = now + ttlMs;
        memory.set(key, text, expiresMs);
        second?.set(key, { text, expiresMs });
      }
      count.bytes(memory.bytes);
    },
    async delete(keys) {
      for (const key of keys) {
        touch(key);
        memory.delete(key);
      }
      count.bytes(memory.bytes);
      await second?.delete(keys);
    },
    async clear() {
      for (const reading of readings) for (const key of reading.keys) reading.written.add(key);
      memory.clear();
      count.bytes(0);
      await second?.clear();
    },
    async stop() {
      second?.stop();
      memory.clear();
    },
    get bytes() {
      return memory.bytes;
    },
  };
}

function createCounters(cache: string, telemetry: Telemetry) {
  const reads = telemetry.counter(METRICS.cache_reads_total);
  const held = telemetry.gauge(METRICS.cache_bytes);
  const [hit, miss] = [
    { cache, level: 'l1', result: 'hit' },
    { cache, level: 'l1', result: 'miss' },
  ];
  return {
    first: (isHit: boolean) => reads.add(isHit ? hit : miss),
    second: (answer: Answer) => reads.add({ cache, level: 'l2', result: typeof answer === 'object' ? 'hit' : answer }),
    bytes: (bytes: number) => held.set({ cache }, bytes),
  };
}
