import { byId, defineTopLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** Newest first. */
export const ordersByUser = defineTopLoader<OrdersTables>()({
  name: 'ordersByUser',
  route: byId,
  orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
  max: 50,
  statement: (db, parent) =>
    db
      .selectFrom('orders.customer_order')
      .select(['id', 'user_id', 'status', 'placed_at', 'total_minor', 'currency'])
      .where('user_id', '=', parent.key()),
  tag: 'User',
});
