import { fenceTriggers, publicationOf } from './move-sql.ts';
import type { Moving } from './moving.ts';

/**
 * Fences the target's side, so that nobody but the replication writes these buckets there, and says on the source what is
 * to be copied. Can be done again.
 */
export async function prepareMove({ source, target, sharded, buckets, onProgress }: Moving): Promise<void> {
  onProgress('preparing both shards');
  await target.query(`insert into weft.fence select bucket, 'infinity' from unnest($1::integer[]) as bucket`, [
    buckets,
  ]);
  await target.query(fenceTriggers(sharded.tables));
  // Its fence has no bucket yet. Made now, because making a trigger waits for every writer.
  await source.query(fenceTriggers(sharded.tables));
  await source.query(publicationOf(sharded.tables, buckets));
}
