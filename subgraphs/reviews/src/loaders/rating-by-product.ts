import { byId, defineRowLoader } from '@weft/database';
import type { ReviewsTables } from '../database/tables.ts';

/** Null before a product's first review. */
export const ratingByProduct = defineRowLoader<ReviewsTables>()({
  name: 'ratingByProduct',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('reviews.product_rating')
      .select(['product_id', 'rating_sum', 'review_count'])
      .where('product_id', '=', keys.any()),
  keyOf: (row) => row.product_id,
  cache: { tag: 'Product', ttlMs: 30_000 },
});
