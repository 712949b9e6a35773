import { byText, defineRowLoader } from '@weft/database';
import type { ProductsTables } from '../database/tables.ts';

/** The lookup lies in the bucket of the sku, the product in its own: two steps, each on one shard a key. */
export const productIdBySku = defineRowLoader<ProductsTables>()({
  name: 'productIdBySku',
  route: byText,
  statement: (db, keys) =>
    db.selectFrom('products.sku_lookup').select(['sku', 'product_id']).where('sku', '=', keys.any()),
  keyOf: (row) => row.sku,
});
