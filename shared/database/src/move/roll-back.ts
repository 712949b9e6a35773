import { bucketsOfShard } from '../shard-map.ts';
import { dropFenceTriggers, MOVE_NAME } from './move-sql.ts';
import { endMove } from './move-state.ts';
import type { Moving } from './moving.ts';
import { dropSubscription, removeRows } from './remove-copy.ts';

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
