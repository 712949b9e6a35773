import { UserError } from '@weft/errors';
import type { ClientBase } from 'pg';
import { MOVE_OBJECTS } from '../move/move-sql.ts';
import { formatBuckets, otherwiseOwned, parseShardMap, type ShardMap } from '../shard-map.ts';
import type { SubgraphRoles } from './roles.ts';

/**
 * What each shard says about itself, once for all subgraphs: which shard it is and the newest map that data was routed by.
 * Refused: a server that is another shard (the fleet file mixed two up), a map older than the data's, and one by which
 * buckets lie elsewhere than their rows.
 */
export async function recordShardMap(
  client: ClientBase,
  options: { readonly shard: string; readonly shardMap: ShardMap; readonly runtime: string },
): Promise<void> {
  const { shard, shardMap, runtime } = options;
  await client.query(`
    create schema if not exists weft;
    create table if not exists weft.shard_map (
      only_one boolean primary key default true check (only_one),
      shard text not null,
      version integer not null,
      recorded_at timestamptz not null default now()
    );
    alter table weft.shard_map add column if not exists map text;
    ${MOVE_OBJECTS}
    grant usage on schema weft to ${runtime};
    grant select on weft.shard_map to ${runtime};
  `);
  const { rows } = await client.query<Recorded>('select shard, version, map from weft.shard_map');
  const [found] = rows;
  if (found === undefined) {
    await client.query('insert into weft.shard_map (shard, version, map) values ($1, $2, $3)', [
      shard,
      shardMap.version,
      shardMap.text,
    ]);
    return;
  }
  refuseWrongShard(shard, found, shardMap);
  refuseUnmovedRows(found, shardMap);
  if (found.version < shardMap.version || found.map === null) {
    const { version, text } = shardMap;
    await client.query('update weft.shard_map set version = $1, map = $2, recorded_at = now()', [version, text]);
  }
}

interface Recorded {
  readonly shard: string;
  readonly version: number;
  /** Null: a version of before recorded the number alone. */
  readonly map: string | null;
}

/** A file moves no rows: where it gives a bucket to another shard, its rows would be on none that is asked. */
function refuseUnmovedRows({ shard, version, map }: Recorded, shardMap: ShardMap): void {
  const what = `shard map version ${shardMap.version}`;
  const instead =
    'Start with the map that the data has, and let weft shard move change it; or begin without the data (npm start -- --fresh)';
  if (map === null) {
    if (version === shardMap.version) return;
    throw new UserError(
      `${what}: the data of ${shard} was routed by version ${version}, of which it does not say where buckets lie, so nobody can tell whether rows would be missed. ${instead}`,
    );
  }
  const elsewhere = otherwiseOwned(parseShardMap(map), shardMap);
  if (elsewhere.length === 0) return;
  throw new UserError(
    `${what} gives the buckets ${formatBuckets(elsewhere)} to other shards than have their rows, by version ${version} on ${shard}. ${instead}`,
  );
}

export function refuseWrongShard(
  shard: string,
  found: { readonly shard: string; readonly version: number },
  shardMap: ShardMap,
): void {
  if (found.shard !== shard) {
    throw new UserError(`the fleet file says that this server is ${shard}, but its data is of ${found.shard}`);
  }
  if (found.version > shardMap.version) {
    throw new UserError(
      `the data of ${shard} was routed by shard map version ${found.version}, this process has version ${shardMap.version}: give it the newer map`,
    );
  }
}

/** The tables that every subgraph has, made as its owner: what was applied, what happened, what was done about it. */
export async function createSystemTables(client: ClientBase, subgraph: string, roles: SubgraphRoles): Promise<void> {
  await client.query(`
    create table if not exists ${subgraph}.migration (
      name text primary key,
      fingerprint text not null,
      applied_at timestamptz not null default now()
    );
    revoke insert, update, delete on ${subgraph}.migration from ${roles.runtime};
    create table if not exists ${subgraph}.outbox (
      id bigserial primary key,
      topic text not null,
      payload jsonb not null,
      attempts integer not null default 0,
      created_at timestamptz not null default now(),
      due_at timestamptz not null default now(),
      traceparent text
    );
    create table if not exists ${subgraph}.inbox (
      consumer text not null,
      event_id text not null,
      at timestamptz not null default now(),
      primary key (consumer, event_id)
    );
    create index if not exists inbox_at on ${subgraph}.inbox (at);
  `);
  await addColumn(client, { table: `${subgraph}.outbox`, column: 'traceparent', type: 'text' });
}

/** For tables that an older version made. Looked up first, because \`alter table\` takes its lock even when there is nothing to do. */
async function addColumn(
  client: ClientBase,
  { table, column, type }: { readonly table: string; readonly column: string; readonly type: string },
): Promise<void> {
  const found = await client.query('select from pg_attribute where attrelid = $1::regclass and attname = $2', [
    table,
    column,
  ]);
  if (found.rowCount === 0) await client.query(`alter table ${table} add column ${column} ${type}`);
}
