import { defineScatter } from '@weft/database';
import type { ProductsTables } from '../database/tables.ts';

interface Search {
  readonly categoryId: string;
  readonly currency?: string | undefined;
  readonly minPrice?: string | undefined;
  readonly maxPrice?: string | undefined;
}

/** The one statement of the graph that asks every shard: a category's products lie wherever their ids put them. */
export const productsByCategory = defineScatter<ProductsTables, Search>()({
  name: 'productsByCategory',
  orderBy: [
    { column: 'price_minor', type: 'bigint', direction: 'asc' },
    { column: 'id', type: 'bigint', direction: 'asc' },
  ],
  max: 100,
  statement: (db, { categoryId, currency, minPrice, maxPrice }) => {
    let query = db
      .selectFrom('products.product')
      .select(['id', 'sku', 'name', 'description', 'price_minor', 'currency', 'weight_grams', 'category_id'])
      .select(['parcel_class', 'in_stock'])
      .where('category_id', '=', categoryId);
    if (currency !== undefined) query = query.where('currency', '=', currency);
    if (minPrice !== undefined) query = query.where('price_minor', '>=', minPrice);
    if (maxPrice !== undefined) query = query.where('price_minor', '<=', maxPrice);
    return query;
  },
  examples: [{ categoryId: '1' }, { categoryId: '1', currency: 'EUR', minPrice: '100', maxPrice: '900' }],
});
