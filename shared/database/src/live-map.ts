import type { ShardMap } from './shard-map.ts';

/** The shard map that this process goes by now. Another one takes its place while requests run. */
export interface LiveMap extends ShardMap {
  swap(map: ShardMap): void;
}

/** Where shards tell of a new map. */
export const MAP_CHANNEL = 'weft_shard_map';

export function createLiveMap(first: ShardMap): LiveMap {
  let current = first;
  return {
    get version() {
      return current.version;
    },
    get text() {
      return current.text;
    },
    // Connections are made at the start: a map with other shards is not taken.
    shards: first.shards,
    shardOfBucket: (bucket) => current.shardOfBucket(bucket),
    swap(map) {
      current = map;
    },
  };
}
