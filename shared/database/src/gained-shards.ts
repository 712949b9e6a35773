/**
 * Shards that got buckets a moment ago: their replicas may not have the rows yet, however small their lag, so for as long
 * as a replica may lag they are read from their primaries.
 */
export interface GainedShards {
  mark(shards: readonly string[]): void;
  has(shard: string): boolean;
}

export function createGainedShards(forMs: number, clock: () => number = Date.now): GainedShards {
  const until = new Map<string, number>();
  return {
    mark(shards) {
      for (const shard of shards) until.set(shard, clock() + forMs);
    },
    has: (shard) => until.size > 0 && (until.get(shard) ?? 0) > clock(),
  };
}
