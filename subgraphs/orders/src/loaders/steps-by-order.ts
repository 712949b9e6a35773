import { byId, defineListLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** Oldest first: each step was a transaction after the one before. */
export const stepsByOrder = defineListLoader<OrdersTables>()({
  name: 'stepsByOrder',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('orders.shipment_step')
      .select(['order_id', 'status', 'at'])
      .where('order_id', '=', keys.any())
      .orderBy('order_id')
      .orderBy('at'),
  parentOf: (row) => row.order_id,
  max: 3,
  tag: 'Order',
});
