import { messageOf } from '@weft/errors';
import type { Log } from '@weft/telemetry';
import type { LiveMap } from './live-map.ts';
import { otherwiseOwned, parseShardMap } from './shard-map.ts';
import type { Shards } from './shards.ts';

export interface MapFollower {
  /** Takes the map that a shard has, when it is a newer one. Never rejects. */
  look(shard: string): Promise<void>;
}

interface Recorded {
  readonly version: number;
  readonly map: string | null;
}

const STATEMENT = { name: undefined, sql: 'select version, map from weft.shard_map', parameters: [], loader: 'map' };

/** Takes a newer map from the shards, at once: who moves buckets waits until every process goes by it. */
export function followMap(options: {
  readonly live: LiveMap;
  readonly shards: Pick<Shards, 'named' | 'all'>;
  readonly log: Log;
  /** With the shards that have buckets which they had not before. */
  readonly onSwap: (gained: readonly string[]) => void;
}): MapFollower {
  const { live, shards, log, onSwap } = options;

  const take = ({ version, map }: Recorded): void => {
    if (version <= live.version || map === null) return;
    const next = parseShardMap(map);
    const unknown = next.shards.filter((name) => !live.shards.includes(name));
    if (unknown.length > 0) {
      log.error({ version, shards: unknown }, 'A new shard map names shards that this process does not know.');
      return;
    }
    const gained = new Set(otherwiseOwned(live, next).map(next.shardOfBucket));
    live.swap(next);
    onSwap([...gained]);
    for (const shard of shards.all) shard.rename();
    log.info({ version }, 'A new shard map is in force.');
  };

  return {
    async look(shard) {
      try {
        const { rows } = await shards.named(shard).read(STATEMENT, { primary: true });
        for (const row of rows as Recorded[]) take(row);
      } catch (error) {
        log.warn({ shard, reason: messageOf(error) }, 'The shard map of a shard could not be read.');
      }
    },
  };
}
