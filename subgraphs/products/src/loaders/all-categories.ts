import { defineReference } from '@weft/database';
import type { ProductsTables } from '../database/tables.ts';

export const allCategories = defineReference<ProductsTables>()({
  name: 'allCategories',
  statement: (db) => db.selectFrom('products.category').select(['id', 'slug', 'name']).orderBy('name').orderBy('id'),
  ttlMs: 60_000,
});
