import { setTimeout as delay } from 'node:timers/promises';
import { bucketsOfShard } from '../shard-map.ts';
import type { Admin } from './admin.ts';
import type { Moving } from './move-buckets.ts';
import { bucketOf, dropFenceTriggers, MOVE_NAME } from './move-sql.ts';
import { endMove, setStep } from './move-state.ts';
import { dropSubscription } from './roll-back.ts';
import type { ShardedTable } from './sharded-tables.ts';

const ROWS_AT_A_TIME = 5_000;

/** Removes what the move needed and the rows that lie elsewhere now. Can be done again. Gives how many rows the source had of them. */
export async function finishMove(moving: Moving): Promise<number> {
  const { source, target, sharded, buckets, after, onProgress } = moving;
  await setStep(source, 'cleaning');
  await dropSubscription(moving);
  // Reads that were on their way when the map changed find their rows where they were sent.
  await delay(moving.settleMs);
  await source.query(`drop publication if exists ${MOVE_NAME}`);
  let removed = 0;
  for (const table of sharded.tables) {
    removed += await removeRows(source, table, buckets);
    onProgress(`removing from ${source.shard}: ${removed} rows`);
  }
  // Tables of natural keys came over whole.
  const foreign = bucketsOfShard(after, source.shard);
  for (const table of sharded.tables) if (table.kind === 'text') await removeRows(target, table, foreign);
  for (const admin of [target, source]) {
    await admin.query(dropFenceTriggers(sharded.tables));
    await admin.query('delete from weft.fence; delete from weft.heartbeat');
  }
  await endMove(source);
  return removed;
}

/** As replication does it: no trigger and no foreign key looks at it. */
export async function removeRows(admin: Admin, table: ShardedTable, buckets: readonly number[]): Promise<number> {
  await admin.query(`set session_replication_role = 'replica'`);
  let removed = 0;
  for (;;) {
    const rows = await admin.query(
      `delete from ${table.table} where ctid = any(array(
         select ctid from ${table.table} where ${bucketOf(table)} = any($1::integer[]) limit ${ROWS_AT_A_TIME}))
       returning 1`,
      [buckets],
    );
    removed += rows.length;
    if (rows.length < ROWS_AT_A_TIME) break;
  }
  await admin.query(`set session_replication_role = 'origin'`);
  return removed;
}
