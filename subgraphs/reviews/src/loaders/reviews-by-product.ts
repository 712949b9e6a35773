import { byId, defineTopLoader } from '@weft/database';
import type { ReviewsTables } from '../database/tables.ts';

/** Newest first. */
export const reviewsByProduct = defineTopLoader<ReviewsTables>()({
  name: 'reviewsByProduct',
  route: byId,
  orderBy: [{ column: 'id', type: 'bigint', direction: 'desc' }],
  max: 50,
  statement: (db, parent) =>
    db
      .selectFrom('reviews.review')
      .select(['id', 'product_id', 'author_id', 'author_username', 'rating', 'title', 'body', 'created_at'])
      .where('product_id', '=', parent.key()),
  tag: 'Product',
});
