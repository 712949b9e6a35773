import { toConnection } from '@weft/database';
import { bucketOfId } from '@weft/ids';
import { entityKey, type TypeResolvers } from '@weft/subgraph';
import type { ProductRatingTable, ReviewsTables } from '../database/tables.ts';
import { ratingByProduct } from '../loaders/rating-by-product.ts';
import { reviewsByProduct } from '../loaders/reviews-by-product.ts';

/** All that this subgraph knows of a product: whether there is one is known to another. */
interface Product {
  readonly id: string;
}

interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

export const product: TypeResolvers<ReviewsTables> = {
  __resolveReference: (representation): Product => toProduct(entityKey(representation, 'id')),
  async rating({ id }: Product, _args, { session }) {
    const rating = await session.load(ratingByProduct, id);
    return rating === null ? null : averageOf(rating);
  },
  async reviewCount({ id }: Product, _args, { session }) {
    const rating = await session.load(ratingByProduct, id);
    return rating === null ? 0 : Number(rating.review_count);
  },
  async reviews({ id }: Product, { first, after }: PageArguments, { session }) {
    return toConnection(await session.top(reviewsByProduct, { parent: id, first, after }), (row) => row);
  },
};

/** A malformed id fails here and once, not in each field. */
function toProduct(id: string): Product {
  bucketOfId(id);
  return { id };
}

/** Null when every review is gone again. */
function averageOf({ rating_sum, review_count }: ProductRatingTable): number | null {
  const count = Number(review_count);
  return count === 0 ? null : Math.round((Number(rating_sum) / count) * 100) / 100;
}
