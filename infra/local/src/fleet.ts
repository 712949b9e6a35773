import { setTimeout as delay } from 'node:timers/promises';
import type { ShardMap } from '@weft/database';
import { messageOf, UserError } from '@weft/errors';
import { type Fleet, type Server, startFleet } from '@weft/postgres';
import type { DataFolder } from './data/data-folder.ts';
import { recordedShardMap, takeShardMap } from './data/shard-map.ts';

/** One streaming replica a shard, as in a small production. */
const REPLICAS = 1;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export interface GraphFleet {
  readonly fleet: Fleet;
  readonly shardMap: ShardMap;
  stop(): Promise<void>;
}

/** Starts the databases that the shard map names, and starts a server again that ends by itself. */
export async function startGraphFleet(
  folder: DataFolder,
  {
    fresh,
    tell,
    onNote,
  }: {
    readonly fresh: boolean;
    readonly tell: (text: string) => void;
    readonly onNote: (text: string) => void;
  },
): Promise<GraphFleet> {
  let shardMap = await takeShardMap(folder.directory, folder.shardMap);
  const stopping = new AbortController();
  const fleet: Fleet = await startFleet({
    directory: folder.postgres,
    shards: shardMap.shards.length,
    replicas: REPLICAS,
    durability: 'kept',
    fresh,
    onProgress: tell,
    onNote,
    onExit: (server) => void bringBack(server),
  });
  async function bringBack(server: Server): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; !stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      onNote(`Postgres ${server.name} ended; it is started again in ${pause / 1_000} s. Log: ${server.log}`);
      await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      try {
        await fleet.start(server);
        onNote(`Postgres ${server.name} runs again.`);
        return;
      } catch (error) {
        if (!stopping.signal.aborted) onNote(messageOf(error));
      }
    }
  }
  const stop = async (): Promise<void> => {
    stopping.abort();
    await fleet.stop();
  };
  try {
    shardMap = await recordedShardMap(folder.shardMap, shardMap, fleet);
  } catch (error) {
    await stop();
    throw error;
  }
  const unknown = shardMap.shards.filter((name) => !fleet.shards.some((shard) => shard.name === name));
  if (unknown.length > 0) {
    await stop();
    throw new UserError(
      `${folder.shardMap} names ${unknown.join(', ')}; the local fleet calls its shards shard-1, shard-2 and so on.`,
    );
  }
  return { fleet, shardMap, stop };
}
