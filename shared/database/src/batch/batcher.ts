import type { SpanContext } from '@weft/telemetry';
import DataLoader from 'dataloader';
import type { BatchContext } from './batch-context.ts';

/** Larger batches are split: an array of this many keys is one that Postgres still plans as an index scan. */
const MOST_KEYS = 1_000;

/** The loads of one loader in one request: those of one tick are one batch, equal keys one load. */
export interface Batcher {
  load(key: unknown): Promise<unknown>;
  loadMany(keys: readonly unknown[]): Promise<unknown[]>;
  prime(key: unknown, value: unknown): void;
}

/** A DataLoader that remembers which spans asked, so that the batch can be linked to all of them. */
export function createBatcher<Key>(
  { telemetry, home }: Pick<BatchContext, 'telemetry' | 'home'>,
  loadBatch: (keys: readonly Key[], links: readonly SpanContext[]) => Promise<unknown[]>,
  cacheKeyFn?: (key: Key) => string,
): Batcher {
  let askers = new Map<string, SpanContext>();
  const loader = new DataLoader<unknown, unknown, string>(
    (keys) => {
      const asked = askers;
      askers = new Map();
      return loadBatch(keys as readonly Key[], [...asked.values()]) as Promise<(unknown | Error)[]>;
    },
    {
      maxBatchSize: MOST_KEYS,
      cacheKeyFn: (cacheKeyFn ?? String) as (key: unknown) => string,
    },
  );

  const noteAsker = (): void => {
    if (home === undefined) return;
    const span = telemetry.activeSpanContext();
    if (span !== undefined && span.spanId !== home.spanId && !askers.has(span.spanId)) askers.set(span.spanId, span);
  };
  return {
    load(key) {
      noteAsker();
      return loader.load(key);
    },
    loadMany(keys) {
      noteAsker();
      return loader.loadMany(keys);
    },
    prime: (key, value) => void loader.prime(key, value),
  };
}
