import { defineSubgraph } from '@weft/subgraph';
import { reviews } from './database/migrations/0001-reviews.ts';
import { idempotency } from './database/migrations/0002-idempotency.ts';
import type { ReviewsTables } from './database/tables.ts';
import { product } from './entities/product.ts';
import { review } from './entities/review.ts';
import { user } from './entities/user.ts';
import { listReviewByAuthor, REVIEW_ADDED } from './jobs/list-review-by-author.ts';
import { ratingByProduct } from './loaders/rating-by-product.ts';
import { reviewById } from './loaders/review-by-id.ts';
import { reviewIdsByAuthor } from './loaders/review-ids-by-author.ts';
import { reviewsByProduct } from './loaders/reviews-by-product.ts';
import { addReview } from './operations/add-review.ts';
import { review as reviewOf } from './operations/review.ts';

/**
 * What buyers say: Review, and what it adds to Product and User. A review lies in the bucket of its product; the list of
 * an author's reviews lies in the author's bucket and follows by the outbox.
 */
export const subgraph = defineSubgraph<ReviewsTables>({
  name: 'reviews',
  directory: new URL('..', import.meta.url),
  resolvers: {
    Query: { review: reviewOf },
    Mutation: { addReview },
    Review: review,
    Product: product,
    User: user,
  },
  migrations: [reviews, idempotency],
  loaders: [reviewById, ratingByProduct, reviewsByProduct, reviewIdsByAuthor],
  oldRows: [{ table: 'reviews.idempotency', column: 'created_at', days: 7 }],
  relay: { [REVIEW_ADDED]: listReviewByAuthor },
});
