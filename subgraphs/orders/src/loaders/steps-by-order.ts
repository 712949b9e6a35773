import { byId, defineListLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** Oldest first. Two steps of one moment come in the order of shipping: PICKED, PACKED, SHIPPED. */
export const stepsByOrder = defineListLoader<OrdersTables>()({
  name: 'stepsByOrder',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('orders.shipment_step')
      .select(['order_id', 'status', 'at'])
      .where('order_id', '=', keys.any())
      .orderBy('order_id')
      .orderBy('at')
      .orderBy((eb) => eb.fn<number>('array_position', [eb.val(['PICKED', 'PACKED', 'SHIPPED']), 'status'])),
  parentOf: (row) => row.order_id,
  max: 3,
  tag: 'Order',
});
