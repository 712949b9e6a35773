import { readFile } from 'node:fs/promises';
import { parseShardMap, readShardMap, type ShardMap } from '@weft/database';
import type { Fleet } from '@weft/postgres';
import { Client } from 'pg';
import { SHARD_MAP_FILE } from './clone.ts';
import { shardMapOf } from './data-folder.ts';
import { writeText } from './secret-file.ts';

/** The map of a data folder. The first start copies that of the clone: from then on each folder has its own. */
export async function takeShardMap(directory: string, file: string): Promise<ShardMap> {
  if (shardMapOf(directory) !== file) await writeText(file, await readFile(SHARD_MAP_FILE, 'utf8'));
  return readShardMap(file);
}

/**
 * The newest map that the shards have recorded, if it is newer than the file's, which then gets it: a mover that was
 * killed between its cut-over and the file leaves an older one, by which rows would be looked for where they were.
 */
export async function recordedShardMap(
  file: string,
  shardMap: ShardMap,
  fleet: Pick<Fleet, 'shards' | 'superuser'>,
): Promise<ShardMap> {
  let newest = shardMap;
  for (const { primary } of fleet.shards) {
    const { host, port } = primary;
    const client = new Client({ host, port, ...fleet.superuser, database: 'weft', application_name: 'weft-shard-map' });
    await client.connect();
    try {
      const text = await recordedOn(client);
      const recorded = text === undefined ? newest : parseShardMap(text);
      if (recorded.version > newest.version) newest = recorded;
    } finally {
      await client.end();
    }
  }
  if (newest !== shardMap) await writeText(file, newest.text);
  return newest;
}

/** Undefined: a shard that is new, or of a version that recorded the number alone. */
async function recordedOn(client: Client): Promise<string | undefined> {
  const { rowCount } = await client.query(
    `select from information_schema.columns where table_schema = 'weft' and table_name = 'shard_map' and column_name = 'map'`,
  );
  if (rowCount === 0) return undefined;
  const { rows } = await client.query<{ map: string | null }>('select map from weft.shard_map');
  return rows[0]?.map ?? undefined;
}
