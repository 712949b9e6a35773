import { byId, defineRowLoader } from '@weft/database';
import type { ProductsTables } from '../database/tables.ts';

export const productById = defineRowLoader<ProductsTables>()({
  name: 'productById',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('products.product')
      .select(['id', 'sku', 'name', 'description', 'price_minor', 'currency', 'weight_grams', 'category_id'])
      .select(['parcel_class', 'in_stock'])
      .where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'Product', ttlMs: 60_000 },
});
