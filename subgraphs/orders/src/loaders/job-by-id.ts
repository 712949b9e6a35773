import { byId, defineRowLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** Whoever asks has to be its user: see `ownJob`. */
export const jobById = defineRowLoader<OrdersTables>()({
  name: 'jobById',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('orders.job')
      .select(['id', 'user_id', 'order_id', 'state', 'steps_done', 'created_at', 'finished_at'])
      .select(['failure_code', 'failure_message'])
      .where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'Job', ttlMs: 10_000 },
});
