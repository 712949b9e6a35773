import { type Cache, createTagGenerations } from '@weft/cache';
import { compiledRow } from '../compile/compiled-loaders.ts';
import type { RowLoader } from '../loaders.ts';
import type { FreshTags } from './fresh-tags.ts';

/** Long enough to take the weight of a missing row that is asked for again and again, short enough to forget. */
const NEGATIVE_TTL_MS = 2_000;

type Loader = RowLoader<unknown, unknown>;

/** What was true when a read began; with it, what was read may be stored if it still is. */
export interface Ticket {
  readonly loader: Loader;
  readonly epoch: number;
  readonly keys: readonly string[];
  readonly generations: readonly number[];
}

/** Rows as JSON texts by `{subgraph}:{loader}.{statement}:{key}`, kept honest by tags. Without a cache it stores nothing and still knows what is fresh. */
export interface RowStore {
  /** Rows of the shard may be read and stored: invalidations of the shard are being heard. */
  isUsable(loader: Loader, shard: string): boolean;
  /** One a key; `null` as text for a key that is known to have no row. */
  read(loader: Loader, keys: readonly string[]): Promise<readonly (string | undefined)[]>;
  /** One of these keys was invalidated so lately that only the primary can be trusted. */
  isFresh(tag: string | undefined, keys: readonly string[]): boolean;
  /** Undefined when what will be read may not be stored. */
  ticket(loader: Loader, shard: string, keys: readonly string[]): Ticket | undefined;
  /** Stores the rows whose tags did not move since the ticket was taken, and the absence of the others. */
  fill(ticket: Ticket, rows: ReadonlyMap<string, unknown>): void;
  /** Makes the store know the rows of a loader before it is used. */
  register(loader: Loader): void;
  /** Drops what carries the tags, here and in the second level. */
  invalidate(tags: readonly string[]): Promise<void>;
  /** It is not known what changed: drops everything. */
  invalidateAll(): Promise<void>;
  /** Invalidations of the shard are heard from now on. */
  hears(shard: string): Promise<void>;
  deaf(shard: string): void;
}

export function createRowStore(subgraph: string, cache: Cache | undefined, fresh: FreshTags): RowStore {
  const generations = createTagGenerations();
  const heard = new Set<string>();
  const everDeaf = new Set<string>();
  /** Moves when everything that is being read may be wrong. */
  let epoch = 0;

  const { keyOf: cacheKey, register, keysOfTag } = createCacheKeys(subgraph);

  const store: RowStore = {
    isUsable: (loader, shard) => cache !== undefined && loader.cache !== undefined && heard.has(shard),
    async read(loader, keys) {
      if (cache === undefined) return [];
      const cacheKeys = keys.map((key) => cacheKey(loader, key));
      const tag = loader.cache?.tag ?? '';
      if (fresh.isEmpty) return cache.getMany(cacheKeys);
      // The second level may hold what a process that has not heard yet put there; the first has only what was read since.
      const isFresh = keys.map((key) => fresh.has(`${tag}:${key}`));
      const others = await cache.getMany(cacheKeys.filter((_, index) => !isFresh[index]));
      let next = 0;
      return cacheKeys.map((key, index) => (isFresh[index] ? cache.peek(key) : others[next++]));
    },
    isFresh: (tag, keys) => tag !== undefined && !fresh.isEmpty && keys.some((key) => fresh.has(`${tag}:${key}`)),
    ticket(loader, shard, keys) {
      if (!store.isUsable(loader, shard)) return undefined;
      register(loader);
      const tag = loader.cache?.tag ?? '';
      return { loader, epoch, keys, generations: keys.map((key) => generations.generation(`${tag}:${key}`)) };
    },
    fill(ticket, rows) {
      const { loader } = ticket;
      if (cache === undefined || loader.cache === undefined || ticket.epoch !== epoch) return;
      const { tag, ttlMs } = loader.cache;
      const isMoved = (key: string, index: number): boolean =>
        generations.generation(`${tag}:${key}`) !== ticket.generations[index];
      const entries = ticket.keys.flatMap((key, index) =>
        isMoved(key, index) ? [] : toEntry(cacheKey(loader, key), rows.get(key), ttlMs),
      );
      // Nobody waits for it: the cache never throws.
      void cache.setMany(entries);
    },
    register,
    async invalidate(tags) {
      generations.bump(tags);
      fresh.mark(tags);
      if (cache === undefined) return;
      const keys = tags.flatMap(keysOfTag);
      if (keys.length > 0) await cache.delete(keys);
    },
    async invalidateAll() {
      epoch += 1;
      fresh.markAll();
      await cache?.clear();
    },
    async hears(shard) {
      // What changed meanwhile was not told, here or to a process that stored it in the second level.
      if (everDeaf.has(shard)) await store.invalidateAll();
      heard.add(shard);
    },
    deaf(shard) {
      if (!heard.delete(shard)) return;
      everDeaf.add(shard);
      epoch += 1;
    },
  };
  return store;
}

/** Null for a key that has no row, and not for long: it may have one soon. */
function toEntry(key: string, row: unknown, ttlMs: number) {
  return row === undefined
    ? { key, text: 'null', ttlMs: Math.min(ttlMs, NEGATIVE_TTL_MS) }
    : { key, text: JSON.stringify(row), ttlMs };
}

/** The keys of rows in the cache, and which of them a tag is about. */
function createCacheKeys(subgraph: string) {
  const prefixes = new Map<Loader, string>();
  const loadersOfTag = new Map<string, Set<Loader>>();

  /** With a mark of the statement, so that a process with more columns does not read the rows of an older one. */
  const prefixOf = (loader: Loader): string => {
    let prefix = prefixes.get(loader);
    if (prefix === undefined) {
      prefix = `${subgraph}:${loader.name}.${compiledRow(loader).prepared.name.slice(-6)}:`;
      prefixes.set(loader, prefix);
    }
    return prefix;
  };
  const keyOf = (loader: Loader, key: string): string => prefixOf(loader) + key;
  return {
    keyOf,
    register(loader: Loader): void {
      if (loader.cache === undefined) return;
      const known = loadersOfTag.get(loader.cache.tag);
      if (known === undefined) loadersOfTag.set(loader.cache.tag, new Set([loader]));
      else known.add(loader);
    },
    keysOfTag(tag: string): string[] {
      const end = tag.indexOf(':');
      const loaders = loadersOfTag.get(tag.slice(0, end));
      return loaders === undefined ? [] : [...loaders].map((loader) => keyOf(loader, tag.slice(end + 1)));
    },
  };
}
