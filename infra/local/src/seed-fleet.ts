import type { ShardMap } from '@weft/database';
import type { Fleet } from '@weft/postgres';
import { Client } from 'pg';
import { type SeedProgress, type SeedReport, seed } from './seed/seed.ts';

/** Fills the shards of a fleet with the marketplace, unless it is there. */
export function seedFleet(
  { fleet, shardMap }: { readonly fleet: Fleet; readonly shardMap: ShardMap },
  options: {
    readonly scale: number | undefined;
    readonly signal: AbortSignal | undefined;
    readonly onProgress: (progress: SeedProgress) => void;
  },
): Promise<SeedReport> {
  const connect = async (name: string): Promise<Client> => {
    const shard = fleet.shards.find((candidate) => candidate.name === name);
    if (!shard) throw new Error(`there is no shard ${name}`);
    const { host, port } = shard.primary;
    const client = new Client({ host, port, ...fleet.superuser, database: 'weft', application_name: 'weft-seed' });
    await client.connect();
    return client;
  };
  return seed({ ...options, shardMap, connect });
}
