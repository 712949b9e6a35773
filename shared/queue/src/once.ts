import type { Database, ShardTransaction } from '@weft/database';

/** `tools.once` of the jobs of a shard, see JobTools, and of the receivers of events. `consumer` is the name under which the marks are kept. */
export function onceOn<T>(database: Database<T>, shard: string, consumer: string) {
  // If another worker is in the middle of the same event, the insert waits until that one has committed or died.
  const mark = `insert into ${database.subgraph}.inbox (consumer, event_id) values ($1, $2)
    on conflict do nothing returning consumer`;
  return (eventId: string, effect: (transaction: ShardTransaction<T>) => Promise<void>): Promise<boolean> =>
    database.transaction(shard, async (transaction) => {
      const marked = await transaction.query(mark, [consumer, eventId]);
      if (marked.length === 0) return false;
      await effect(transaction);
      return true;
    });
}
