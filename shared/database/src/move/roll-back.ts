import { bucketsOfShard } from '../shard-map.ts';
import { removeRows } from './finish-move.ts';
import type { Moving } from './move-buckets.ts';
import { dropFenceTriggers, MOVE_NAME } from './move-sql.ts';
import { endMove } from './move-state.ts';

/** Before the decision: the source takes writes again and the target forgets. Can be done again. */
export async function rollBack(moving: Moving): Promise<void> {
  const { source, target, sharded, buckets, before } = moving;
  await source.query('delete from weft.fence');
  await dropSubscription(moving);
  await source.query(`drop publication if exists ${MOVE_NAME}; ${dropFenceTriggers(sharded.tables)}`);
  const foreign = bucketsOfShard(before, source.shard);
  for (const table of sharded.tables) await removeRows(target, table, table.kind === 'text' ? foreign : buckets);
  await target.query(dropFenceTriggers(sharded.tables));
  for (const admin of [target, source]) await admin.query('delete from weft.fence; delete from weft.heartbeat');
  await endMove(source);
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
