import { byId, defineRowLoader } from '@weft/database';
import type { ReviewsTables } from '../database/tables.ts';

export const reviewById = defineRowLoader<ReviewsTables>()({
  name: 'reviewById',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('reviews.review')
      .select(['id', 'product_id', 'author_id', 'author_username', 'rating', 'title', 'body', 'created_at'])
      .where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'Review', ttlMs: 60_000 },
});
