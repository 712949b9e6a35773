import { messageOf } from '@weft/errors';
import type { Availability } from './availability.ts';
import type { RedisStore } from './redis-store.ts';
import { pack, type StoredText } from './stored-text.ts';
import { withTimeLimit } from './time-limit.ts';

/** Writes to Redis that nobody waits for. The last write of a key wins, also over writes that are on their way. */
export interface WriteBehind {
  set(key: string, value: StoredText): void;
  delete(key: string): void;
  /** Everything, also what other processes wrote under this name. */
  deleteAll(): void;
  /** What a key will hold when all is written: null when it will be deleted, undefined when nothing of it waits. */
  waiting(key: string): StoredText | null | undefined;
  /** Resolves when what waits now is written or has failed. */
  written(): Promise<void>;
  /** Deletes what could not be written while Redis was away, so that it cannot be read there. */
  settle(): Promise<void>;
  readonly isSettled: boolean;
}

export interface WriteBehindOptions {
  readonly store: RedisStore;
  readonly availability: () => Availability;
  readonly timeoutMs: number;
  readonly clock: () => number;
  /** Redis answered and did not take it: full, or a replica. */
  readonly onRefused: (reason: string) => void;
}

const BATCH = 500;
/** Of texts that wait; over it a key is deleted instead, which is always right. */
const MAX_WAITING_CHARACTERS = 8 * 1_024 * 1_024;
/** Over it, all of the name is deleted instead of key by key. */
const MAX_OWED = 20_000;

export function createWriteBehind(options: WriteBehindOptions): WriteBehind {
  const { store, timeoutMs, clock } = options;
  let waiting = new Map<string, StoredText | null>();
  let underWay = new Map<string, StoredText | null>();
  let characters = 0;
  /** Keys that Redis may hold and must not be read there any more. */
  let owed = new Set<string>();
  let owesAll = false;
  let writing: Promise<void> | undefined;

  const owe = (keys: Iterable<string>): void => {
    for (const key of keys) owed.add(key);
    if (owed.size <= MAX_OWED) return;
    owed = new Set();
    owesAll = true;
  };
  const put = (key: string, value: StoredText | null): void => {
    if (!options.availability().isUp) {
      // The older value of a text that cannot be written must not stay either.
      owe([key]);
      return;
    }
    characters += (value?.text.length ?? 0) - (waiting.get(key)?.text.length ?? 0);
    const kept = characters > MAX_WAITING_CHARACTERS ? null : value;
    if (kept !== value) characters -= value?.text.length ?? 0;
    waiting.set(key, kept);
    writing ??= write().finally(() => {
      writing = undefined;
    });
  };
  const takeBatch = (): Map<string, StoredText | null> => {
    const batch = new Map<string, StoredText | null>();
    for (const [key, value] of waiting) {
      if (batch.size === BATCH) break;
      batch.set(key, value);
      waiting.delete(key);
      characters -= value?.text.length ?? 0;
    }
    return batch;
  };
  const write = async (): Promise<void> => {
    // Everything that this turn of the event loop still writes goes in one batch.
    await new Promise(setImmediate);
    while (waiting.size > 0) {
      underWay = takeBatch();
      try {
        await withTimeLimit(send(underWay), timeoutMs);
        options.availability().succeeded();
      } catch (error) {
        owe(underWay.keys());
        owe(waiting.keys());
        waiting = new Map();
        characters = 0;
        options.availability().goDown(messageOf(error));
      } finally {
        underWay = new Map();
      }
    }
  };
  const send = async (batch: ReadonlyMap<string, StoredText | null>): Promise<void> => {
    const gone: string[] = [];
    const entries: { key: string; value: string; ttl: number }[] = [];
    const now = clock();
    for (const [key, value] of batch) {
      const ttl = value === null ? 0 : Math.ceil(value.expiresMs - now);
      if (value === null || ttl <= 0) gone.push(key);
      else entries.push({ key, value: pack(value), ttl });
    }
    const refused = entries.length === 0 ? [] : await setOrRefuse(entries);
    if (gone.length + refused.length > 0) await store.deleteMany([...gone, ...refused]);
  };
  /** The keys that Redis did not take, though it answers. */
  const setOrRefuse = async (entries: readonly { key: string; value: string; ttl: number }[]): Promise<string[]> => {
    try {
      await store.setMany(entries);
      return [];
    } catch (error) {
      if (!store.isReady) throw error;
      options.onRefused(messageOf(error));
      return entries.map(({ key }) => key);
    }
  };
  return {
    set: put,
    delete: (key) => put(key, null),
    deleteAll() {
      waiting = new Map();
      characters = 0;
      owed = new Set();
      owesAll = true;
    },
    waiting(key) {
      const last = waiting.get(key);
      return last === undefined ? underWay.get(key) : last;
    },
    written: () => writing ?? Promise.resolve(),
    async settle() {
      // A write that is still on its way could come after the deletion.
      await writing;
      const [all, keys] = [owesAll, owed];
      [owesAll, owed] = [false, new Set()];
      try {
        if (all) await store.clear();
        for (const rest = [...keys]; rest.length > 0; ) await store.deleteMany(rest.splice(0, BATCH));
      } catch (error) {
        owesAll ||= all;
        owe(keys);
        throw error;
      }
    },
    get isSettled() {
      return !owesAll && owed.size === 0;
    },
  };
}
