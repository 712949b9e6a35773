import { UserError } from '@weft/errors';
import { bucketOfId, bucketOfText } from '@weft/ids';
import type { Channels } from './channels.ts';
import type { DatabaseOptions } from './database.ts';
import { createDatabaseMetrics, type DatabaseMetrics } from './database-metrics.ts';
import { epochOf } from './freshness.ts';
import type { Invalidations } from './invalidations.ts';
import { MAP_CHANNEL } from './live-map.ts';
import { createShard, type Shard, type ShardOptions } from './server/shard.ts';
import type { Place } from './session.ts';
import { watchName } from './watch-name.ts';

const PROBE_EVERY_MS = 1_000;
const SHORTEST_PROBE_MS = 20;

/** Every shard of the map, connected. */
export interface Shards {
  readonly names: readonly string[];
  readonly all: readonly Shard[];
  readonly metrics: DatabaseMetrics;
  /** RangeError when the map has no such shard. */
  named(name: string): Shard;
  /** BAD_USER_INPUT when the id is none. */
  nameOf(place: Place): string;
  /** Of what is written on the shard now. */
  epochOf(shard: string): string;
}

export function openShards(
  options: DatabaseOptions,
  invalidations: Invalidations,
  channels: Channels,
  /** A shard may have a newer map. */
  onMap: (shard: string) => void,
): Shards {
  const { subgraph, addresses, shardMap, telemetry, maxLagMs = 5_000 } = options;
  const metrics = createDatabaseMetrics(telemetry);
  const shards = new Map<string, Shard>();
  for (const name of shardMap.shards) {
    const found = addresses.shards.find((shard) => shard.name === name);
    if (found === undefined) {
      throw new UserError(`the shard map names ${name}, the fleet file does not`, { code: 'CONFIG_INVALID' });
    }
    const shard = createShard({
      addresses: found,
      credentials: { role: options.role, password: options.password },
      applicationName: `weft-${subgraph}`,
      statementTimeoutMs: options.statementTimeoutMs ?? 2_000,
      maxConnections: options.maxConnections ?? 6,
      maxLagMs,
      probeEveryMs: Math.min(PROBE_EVERY_MS, Math.max(maxLagMs / 5, SHORTEST_PROBE_MS)),
      telemetry,
      metrics,
      onStatement: options.onStatement,
      watchName: () => watchName(subgraph, shardMap.version),
      listener: listenerOf(name, { invalidations, channels, onMap }),
    });
    shard.listen(invalidations.channel);
    shard.listen(MAP_CHANNEL);
    shards.set(name, shard);
  }
  const named = (name: string): Shard => {
    const shard = shards.get(name);
    if (shard === undefined) throw new RangeError(`there is no shard ${name}`);
    return shard;
  };
  return {
    names: shardMap.shards,
    all: [...shards.values()],
    metrics,
    named,
    epochOf: (name) => epochOf(shardMap.version, named(name).timeline),
    nameOf: (place) => shardMap.shardOfBucket(bucketOf(place)),
  };
}

/** What a shard tells goes to the row cache, to who listens, and to who follows the shard map. */
function listenerOf(
  name: string,
  to: {
    readonly invalidations: Invalidations;
    readonly channels: Channels;
    readonly onMap: (shard: string) => void;
  },
): ShardOptions['listener'] {
  const { invalidations, channels, onMap } = to;
  return {
    onListening(channel) {
      if (channel === invalidations.channel) void invalidations.rows.hears(name);
      // What was told while nobody listened is looked for.
      if (channel === MAP_CHANNEL) onMap(name);
      channels.listening(name, channel);
    },
    onDeaf() {
      invalidations.rows.deaf(name);
      channels.deaf(name);
    },
    onNotification(channel, payload) {
      if (channel === invalidations.channel) invalidations.onNotification(payload);
      if (channel === MAP_CHANNEL) onMap(name);
      channels.notified(name, channel, payload);
    },
  };
}

function bucketOf(place: Place): number {
  if ('bucket' in place) return place.bucket;
  return 'id' in place ? bucketOfId(place.id) : bucketOfText(place.text);
}
