import { byId, defineTopLoader } from '@weft/database';
import type { ReviewsTables } from '../database/tables.ts';

/**
 * Newest first, from the author's own bucket; the reviews themselves are then rows by id. Ids of several buckets of one
 * millisecond are ordered by bucket, which nobody can tell from the order of writing.
 */
export const reviewIdsByAuthor = defineTopLoader<ReviewsTables>()({
  name: 'reviewIdsByAuthor',
  route: byId,
  orderBy: [{ column: 'review_id', type: 'bigint', direction: 'desc' }],
  max: 50,
  statement: (db, parent) =>
    db.selectFrom('reviews.review_by_author').select(['author_id', 'review_id']).where('author_id', '=', parent.key()),
  tag: 'User',
});
