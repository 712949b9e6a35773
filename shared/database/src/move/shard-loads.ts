import { messageOf } from '@weft/errors';
import type { FleetAddresses } from '../fleet-addresses.ts';
import type { ShardMap } from '../shard-map.ts';
import { openAdmin, type Superuser } from './admin.ts';
import { bucketOf } from './move-sql.ts';
import { readMove } from './move-state.ts';
import type { ShardedTables } from './sharded-tables.ts';

export interface FleetAccess {
  readonly addresses: FleetAddresses;
  readonly superuser: Superuser;
}

/** What a shard says of itself. */
export interface ShardStatus {
  readonly shard: string;
  /** Why nothing more is known. */
  readonly problem?: string;
  readonly mapVersion?: number | undefined;
  readonly bytes?: number;
  /** Replicas that stream from it. */
  readonly streaming?: number;
  /** A move that was begun and has not ended: `copying to shard-2`. */
  readonly move?: string | undefined;
}

export async function shardStatus({ addresses, superuser }: FleetAccess, shard: string): Promise<ShardStatus> {
  try {
    const admin = await openAdmin(addresses, shard, superuser);
    try {
      const move = await readMove(admin);
      const [row] = await admin.query<{ version: number | null; bytes: string; streaming: number }>(`select
        (select version from weft.shard_map) as version, pg_database_size(current_database()) as bytes,
        (select count(*)::int4 from pg_stat_replication where state = 'streaming') as streaming`);
      return {
        shard,
        mapVersion: row?.version ?? undefined,
        bytes: Number(row?.bytes),
        streaming: row?.streaming ?? 0,
        move: move && `${move.step} to ${move.target}`,
      };
    } finally {
      await admin.close();
    }
  } catch (error) {
    return { shard, problem: messageOf(error) };
  }
}

/** Rows of all sharded tables by bucket, of the shard that the map says. */
export async function rowsByBucket(
  { addresses, superuser }: FleetAccess,
  map: ShardMap,
  sharded: ShardedTables,
): Promise<ReadonlyMap<number, number>> {
  const rows = new Map<number, number>();
  for (const shard of map.shards) {
    const admin = await openAdmin(addresses, shard, superuser);
    try {
      for (const table of sharded.tables) {
        const found = await admin.query<{ bucket: number; rows: number }>(
          `select ${bucketOf(table)} as bucket, count(*)::int4 as rows from ${table.table} group by 1`,
        );
        for (const row of found) {
          if (map.shardOfBucket(row.bucket) === shard) rows.set(row.bucket, (rows.get(row.bucket) ?? 0) + row.rows);
        }
      }
    } finally {
      await admin.close();
    }
  }
  return rows;
}

export interface SuggestedMove {
  readonly source: string;
  readonly target: string;
  readonly buckets: readonly number[];
  readonly rows: number;
}

/** Shards that differ by less are as even as moving is worth. */
const EVEN_WITHIN = 0.1;

/**
 * Moves after which every shard has about the same number of rows; none when they are even already. Buckets are taken
 * from the end of a shard's, so that what is left stays in few ranges.
 */
export function suggestMoves(map: ShardMap, rows: ReadonlyMap<number, number>): SuggestedMove[] {
  const shards = new Map(map.shards.map((shard) => [shard, { rows: 0, buckets: [] as number[] }]));
  for (const [bucket, count] of [...rows].sort(([a], [b]) => a - b)) {
    const shard = shards.get(map.shardOfBucket(bucket));
    if (shard === undefined) continue;
    shard.rows += count;
    shard.buckets.push(bucket);
  }
  const total = [...rows.values()].reduce((sum, count) => sum + count, 0);
  const fair = total / map.shards.length;
  const moves = new Map<string, { source: string; target: string; buckets: number[]; rows: number }>();
  for (;;) {
    const byRows = [...shards].sort(([, a], [, b]) => a.rows - b.rows);
    const [least, most] = [byRows[0], byRows.at(-1)];
    if (least === undefined || most === undefined || most[1].rows - least[1].rows <= fair * EVEN_WITHIN) break;
    const bucket = most[1].buckets.at(-1);
    const count = bucket === undefined ? 0 : (rows.get(bucket) ?? 0);
    // Moving it must bring the two nearer to each other.
    if (bucket === undefined || least[1].rows + count >= most[1].rows) break;
    most[1].buckets.pop();
    most[1].rows -= count;
    least[1].rows += count;
    const name = `${most[0]} ${least[0]}`;
    const move = moves.get(name) ?? { source: most[0], target: least[0], buckets: [], rows: 0 };
    move.buckets.push(bucket);
    move.rows += count;
    moves.set(name, move);
  }
  return [...moves.values()];
}
