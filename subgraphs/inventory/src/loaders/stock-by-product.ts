import { byId, defineListLoader } from '@weft/database';
import type { InventoryTables } from '../database/tables.ts';

/** One row a warehouse that has ever had the product. */
export const stockByProduct = defineListLoader<InventoryTables>()({
  name: 'stockByProduct',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('inventory.stock')
      .select(['product_id', 'warehouse_id', 'quantity'])
      .where('product_id', '=', keys.any())
      .orderBy('product_id')
      .orderBy('warehouse_id'),
  parentOf: (row) => row.product_id,
  max: 20,
});
