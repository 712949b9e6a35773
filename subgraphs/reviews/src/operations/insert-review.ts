import { type Kysely, sql } from 'kysely';
import type { ReviewsTables, ReviewTable } from '../database/tables.ts';

export interface NewReview extends Omit<ReviewTable, 'created_at'> {
  readonly idempotencyKey: string;
  readonly requestHash: string;
}

/**
 * Key, review and the product's new rating in one statement; gives the review. Gives no row and writes nothing when
 * there is no such product or the key was used before: of several at the same moment one claims the key, the others
 * wait for it and then find it taken.
 */
export function insertReview(db: Kysely<ReviewsTables>, { idempotencyKey, requestHash, ...review }: NewReview) {
  const now = sql<string>`now()`;
  return db
    .with('claim', (query) =>
      query
        .insertInto('reviews.idempotency')
        .columns(['product_id', 'author_id', 'key', 'request_hash', 'review_id', 'created_at'])
        .expression((from) =>
          from
            .selectFrom('reviews.product_rating')
            .select([
              'product_id',
              sql<string>`${review.author_id}::bigint`.as('author_id'),
              sql<string>`${idempotencyKey}::text`.as('key'),
              sql<string>`${requestHash}::text`.as('request_hash'),
              sql<string>`${review.id}::bigint`.as('review_id'),
              now.as('created_at'),
            ])
            .where('product_id', '=', review.product_id),
        )
        .onConflict((conflict) => conflict.columns(['product_id', 'author_id', 'key']).doNothing())
        .returning(['review_id', 'product_id', 'author_id']),
    )
    .with('added', (query) =>
      query
        .insertInto('reviews.review')
        .columns(['id', 'product_id', 'author_id', 'author_username', 'rating', 'title', 'body', 'created_at'])
        .expression((from) =>
          from
            .selectFrom('claim')
            .select([
              'review_id as id',
              'product_id',
              'author_id',
              sql<string>`${review.author_username}::text`.as('author_username'),
              sql<number>`${review.rating}::smallint`.as('rating'),
              sql<string>`${review.title}::text`.as('title'),
              sql<string>`${review.body}::text`.as('body'),
              now.as('created_at'),
            ]),
        )
        .returningAll(),
    )
    .with('rated', (query) =>
      query
        .updateTable('reviews.product_rating')
        .from('added')
        .set({
          rating_sum: sql`product_rating.rating_sum + added.rating`,
          review_count: sql`product_rating.review_count + 1`,
        })
        .whereRef('reviews.product_rating.product_id', '=', 'added.product_id'),
    )
    .selectFrom('added')
    .selectAll();
}
