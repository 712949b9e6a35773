import { byId, defineRowLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** Whoever asks has to be its user: see `ownOrder`. */
export const orderById = defineRowLoader<OrdersTables>()({
  name: 'orderById',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('orders.customer_order')
      .select(['id', 'user_id', 'status', 'placed_at', 'total_minor', 'currency'])
      .where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'Order', ttlMs: 10_000 },
});
