import { setTimeout as delay } from 'node:timers/promises';
import { bucketsOfShard } from '../shard-map.ts';
import { dropFenceTriggers, MOVE_NAME } from './move-sql.ts';
import { endMove, setStep } from './move-state.ts';
import type { Moving } from './moving.ts';
import { dropSubscription, removeRows } from './remove-copy.ts';

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
