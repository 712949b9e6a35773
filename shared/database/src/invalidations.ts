import type { Cache } from '@weft/cache';
import { createFreshTags } from './cache/fresh-tags.ts';
import { createRowStore, type RowStore } from './cache/row-store.ts';
import { decodeTags, invalidationChannel } from './invalidation-payload.ts';

/** What changed, from wherever it is told: this process's writes and the notifications of all. */
export interface Invalidations {
  readonly channel: string;
  readonly rows: RowStore;
  /** Resolves when this process and the second level of the cache have forgotten. */
  apply(tags: readonly string[] | 'everything'): Promise<void>;
  onNotification(payload: string): void;
  /** Gives what ends it. */
  listen(listener: (tags: readonly string[]) => void): () => void;
}

export function createInvalidations(options: {
  readonly subgraph: string;
  readonly cache: Cache | undefined;
  readonly maxLagMs: number;
}): Invalidations {
  const fresh = createFreshTags({ forMs: options.maxLagMs });
  const rows = createRowStore(options.subgraph, options.cache, fresh);
  const listeners = new Set<(tags: readonly string[]) => void>();

  const apply = async (tags: readonly string[] | 'everything'): Promise<void> => {
    const forgetting = tags === 'everything' ? rows.invalidateAll() : rows.invalidate(tags);
    for (const listener of listeners) listener(tags === 'everything' ? ['*'] : tags);
    await forgetting;
  };
  return {
    channel: invalidationChannel(options.subgraph),
    rows,
    apply,
    // The cache never throws, and nobody waits for a notification.
    onNotification: (payload) => void apply(decodeTags(payload)),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
