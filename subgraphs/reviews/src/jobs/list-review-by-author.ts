import { bucketOfId } from '@weft/ids';
import type { OutboxEvent, RelayHandler } from '@weft/queue';
import type { ReviewsTables } from '../database/tables.ts';

/** Topic of the event that a new review writes. */
export const REVIEW_ADDED = 'review-added';

export interface ReviewAdded {
  readonly reviewId: string;
  readonly authorId: string;
}

/**
 * Puts new reviews into their authors' lists, which lie on the authors' shards. Idempotent: an event that comes twice
 * finds its row.
 */
export const listReviewByAuthor: RelayHandler<ReviewsTables> = (events, { onShardOf }) =>
  onShardOf(
    events.map(toReviewAdded),
    ({ authorId }) => bucketOfId(authorId),
    async (transaction, reviews) => {
      await transaction.query(
        `insert into reviews.review_by_author (author_id, review_id)
         select * from unnest($1::bigint[], $2::bigint[]) on conflict do nothing`,
        [reviews.map(({ authorId }) => authorId), reviews.map(({ reviewId }) => reviewId)],
      );
      await transaction.invalidate([...new Set(reviews.map(({ authorId }) => `User:${authorId}`))]);
    },
  );

function toReviewAdded({ payload }: OutboxEvent): ReviewAdded {
  const { reviewId, authorId } = payload as Partial<ReviewAdded>;
  if (typeof reviewId !== 'string' || typeof authorId !== 'string') {
    throw new TypeError(`an event ${REVIEW_ADDED} without reviewId and authorId`);
  }
  return { reviewId, authorId };
}
