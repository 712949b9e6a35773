import { byId, defineRowLoader } from '@weft/database';
import type { OrdersTables } from '../database/tables.ts';

/** Never cached: it is what the customer pays. */
export const priceByProduct = defineRowLoader<OrdersTables>()({
  name: 'priceByProduct',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('orders.price')
      .select(['product_id', 'price_minor', 'currency'])
      .where('product_id', '=', keys.any()),
  keyOf: (row) => row.product_id,
});
