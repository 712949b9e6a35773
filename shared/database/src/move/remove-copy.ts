import type { Admin } from './admin.ts';
import { bucketOf, MOVE_NAME } from './move-sql.ts';
import type { Moving } from './moving.ts';
import type { ShardedTable } from './sharded-tables.ts';

const ROWS_AT_A_TIME = 5_000;

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

/** With its slot, also where a mover was killed between the one and the other. */
export async function dropSubscription({ source, target }: Pick<Moving, 'source' | 'target'>): Promise<void> {
  const known = await target.query('select 1 from pg_subscription where subname = $1', [MOVE_NAME]);
  if (known.length > 0) {
    await target.query(`alter subscription ${MOVE_NAME} disable`);
    await target.query(`drop subscription ${MOVE_NAME}`);
  }
  await source.query(
    `select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active`,
    [MOVE_NAME],
  );
}
