import { byId, defineListLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** In the order of the input. */
export const linesByOrder = defineListLoader<OrdersTables>()({
  name: 'linesByOrder',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('orders.order_line')
      .select(['order_id', 'line_no', 'product_id', 'quantity', 'unit_price_minor', 'currency', 'reserved'])
      .where('order_id', '=', keys.any())
      .orderBy('order_id')
      .orderBy('line_no'),
  parentOf: (row) => row.order_id,
  max: 100,
  tag: 'Order',
});
