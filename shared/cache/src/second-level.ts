import type { Telemetry } from '@weft/telemetry';
import { type Availability, createAvailability } from './availability.ts';
import { createRedisStore } from './redis-store.ts';
import { type StoredText, unpack } from './stored-text.ts';
import { withTimeLimit } from './time-limit.ts';
import { createWriteBehind } from './write-behind.ts';

/** What the second level says of one key. */
export type Answer = StoredText | 'miss' | 'rubbish' | 'skipped';

/** Redis behind a breaker: nothing here throws, and nothing takes longer than its time limit. */
export interface SecondLevel {
  /** One MGET for all. `'skipped'`: it was not asked, or did not answer in time. */
  read(keys: readonly string[]): Promise<readonly Answer[]>;
  set(key: string, value: StoredText): void;
  /** Resolves when Redis has deleted, or when the time limit is over: then it deletes before it is read again. */
  delete(keys: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  stop(): void;
}

export interface SecondLevelOptions {
  readonly url: string;
  readonly name: string;
  readonly timeoutMs: number;
  readonly telemetry: Telemetry;
  readonly clock: () => number;
}

/** Nobody waits for a write, so it may take this many times as long as a read before Redis counts as gone. */
const WRITE_PATIENCE = 25;
const TELL_AGAIN_MS = 60_000;

export function createSecondLevel(options: SecondLevelOptions): SecondLevel {
  const { timeoutMs, name } = options;
  const { log } = options.telemetry;
  let toldMs = Number.NEGATIVE_INFINITY;
  const store = createRedisStore({
    url: options.url,
    name,
    onReady: () => availability.connected(),
    onLost: (reason) => availability.goDown(reason),
  });
  const writes = createWriteBehind({
    store,
    availability: () => availability,
    timeoutMs: WRITE_PATIENCE * timeoutMs,
    clock: options.clock,
    onRefused: (reason) => {
      if (performance.now() - toldMs < TELL_AGAIN_MS) return;
      toldMs = performance.now();
      log.warn({ cache: name, reason }, 'Redis does not take what is written.');
    },
  });
  const availability: Availability = createAvailability({
    name,
    log,
    isConnected: () => store.isReady,
    ping: store.ping,
    settle: writes.settle,
    isSettled: () => writes.isSettled,
    reconnect: store.reconnect,
  });

  const ask = async (keys: readonly string[]): Promise<readonly Answer[]> => {
    try {
      const values = await withTimeLimit(store.getMany(keys), timeoutMs);
      availability.succeeded();
      return keys.map((_, index) => toAnswer(values[index]));
    } catch (error) {
      availability.failed(error);
      return keys.map(() => 'skipped');
    }
  };
  return {
    async read(keys) {
      if (!availability.isUp || !store.isReady) return keys.map(() => 'skipped');
      const answers: Answer[] = keys.map((key) => writes.waiting(key) ?? 'miss');
      // A key that waits to be written is not asked for: what Redis has of it is old.
      const asked = keys.flatMap((key, index) => (isStorable(key) && writes.waiting(key) === undefined ? [index] : []));
      if (asked.length === 0) return answers;
      const found = await ask(asked.map((index) => keys[index] as string));
      for (const [place, index] of asked.entries()) answers[index] = found[place] ?? 'miss';
      for (const index of asked) if (answers[index] === 'rubbish') writes.delete(keys[index] as string);
      return answers;
    },
    set(key, value) {
      if (!isStorable(key)) return;
      if (value.text.isWellFormed()) writes.set(key, value);
      else writes.delete(key);
    },
    async delete(keys) {
      for (const key of keys) if (isStorable(key)) writes.delete(key);
      await patiently(writes.written(), timeoutMs);
    },
    async clear() {
      writes.deleteAll();
      if (!availability.isUp) return;
      availability.goDown();
      availability.connected();
    },
    stop() {
      availability.stop();
      store.stop();
    },
  };
}

/** Redis is sent UTF-8, in which every lone surrogate is the same: two such keys would be one. */
function isStorable(key: string): boolean {
  return key.isWellFormed();
}

function toAnswer(value: unknown): Answer {
  if (value === undefined || value === null) return 'miss';
  return unpack(value) ?? 'rubbish';
}

async function patiently(work: Promise<void>, limitMs: number): Promise<void> {
  await withTimeLimit(work, limitMs).catch(() => undefined);
}
