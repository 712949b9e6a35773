import type { Route } from '../route.ts';

/** Indexes into the keys of a batch, by shard. A key that is none gets its error at its index and is in no group. */
export function groupByShard(
  keys: readonly string[],
  route: Route,
  shardOfBucket: (bucket: number) => string,
  outcomes: unknown[],
): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) {
    try {
      const shard = shardOfBucket(route.bucketOf(key));
      const group = groups.get(shard);
      if (group === undefined) groups.set(shard, [index]);
      else group.push(index);
    } catch (error) {
      outcomes[index] = error;
    }
  }
  return groups;
}
