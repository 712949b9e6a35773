import { ConstraintError } from '@weft/database';
import { GraphError } from '@weft/errors';
import { type FieldResolver, hashOfRequest, requireUser, type SubgraphContext } from '@weft/subgraph';
import type { ReviewsTables, ReviewTable } from '../database/tables.ts';
import { REVIEW_ADDED, type ReviewAdded } from '../jobs/list-review-by-author.ts';
import { insertReview, type NewReview } from './insert-review.ts';
import { type AddReviewArguments, checkReviewInput } from './review-input.ts';

type Context = SubgraphContext<ReviewsTables>;

/**
 * The key, the review, the product's new rating and the event for the author's list are one statement on the product's
 * shard: all of them are there or none. A key that was used before gives the review of then.
 */
export const addReview: FieldResolver<ReviewsTables> = async (_root, args: AddReviewArguments, context) => {
  const { author, username } = authorOf(context);
  const { bucket, productId, rating, title, body } = checkReviewInput(args);
  const draft = {
    ...{ product_id: productId, author_id: author, author_username: username, rating, title, body },
    idempotencyKey: args.idempotencyKey,
    requestHash: hashOfRequest([rating, title, body]),
  };
  return (await insert(context, bucket, draft)) ?? (await claimedReview(context, draft));
};

type Draft = Omit<NewReview, 'id'>;

/** Undefined when there is no such product or the key is taken. */
async function insert(context: Context, bucket: number, draft: Draft): Promise<ReviewTable | undefined> {
  try {
    return await write(context, bucket, draft);
  } catch (error) {
    // Two processes made the same id in the same millisecond.
    if (!(error instanceof ConstraintError && error.constraint === 'review_pkey')) throw error;
    return write(context, bucket, draft);
  }
}

async function write({ session, ids }: Context, bucket: number, draft: Draft): Promise<ReviewTable | undefined> {
  const id = ids.next(bucket);
  const event: ReviewAdded = { reviewId: id, authorId: draft.author_id };
  const [row] = await session.write({
    at: { bucket },
    name: 'addReview',
    statement: (db) => insertReview(db, { ...draft, id }),
    events: [{ topic: REVIEW_ADDED, payload: { ...event } }],
    invalidates: [`Product:${draft.product_id}`, `Review:${id}`],
  });
  return row;
}

/**
 * The review that the key was used for; null when that one is gone. PRODUCT_NOT_FOUND without a product,
 * IDEMPOTENCY_KEY_REUSED when the key was used for another text.
 */
async function claimedReview({ session }: Context, draft: Draft): Promise<ReviewTable | null> {
  const [claim] = await session.read({
    at: { id: draft.product_id },
    name: 'reviewByIdempotencyKey',
    from: 'primary',
    statement: (db) =>
      db
        .selectFrom('reviews.idempotency')
        .leftJoin('reviews.review', 'reviews.review.id', 'reviews.idempotency.review_id')
        .selectAll('reviews.review')
        .select('reviews.idempotency.request_hash')
        .where('reviews.idempotency.product_id', '=', draft.product_id)
        .where('reviews.idempotency.author_id', '=', draft.author_id)
        .where('reviews.idempotency.key', '=', draft.idempotencyKey),
  });
  if (claim === undefined) throw new GraphError('PRODUCT_NOT_FOUND', 'There is no product with this productId.');
  if (claim.request_hash !== draft.requestHash) {
    throw new GraphError('IDEMPOTENCY_KEY_REUSED', 'This idempotencyKey was used for another review of the product.');
  }
  return claim.id === null ? null : (claim as ReviewTable);
}

function authorOf(context: Context): { author: string; username: string } {
  const { subject, username } = requireUser(context);
  if (username === undefined) {
    throw new GraphError('UNAUTHENTICATED', 'The token does not say the username that a review is signed with.');
  }
  return { author: subject, username };
}
