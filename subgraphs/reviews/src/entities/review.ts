import { entityKey, type TypeResolvers } from '@weft/subgraph';
import type { ReviewsTables, ReviewTable } from '../database/tables.ts';
import { reviewById } from '../loaders/review-by-id.ts';

export const review: TypeResolvers<ReviewsTables> = {
  __resolveReference: (representation, { session }) => session.load(reviewById, entityKey(representation, 'id')),
  createdAt: (row: ReviewTable) => row.created_at,
  product: (row: ReviewTable) => ({ id: row.product_id }),
  author: (row: ReviewTable) => ({ id: row.author_id, username: row.author_username }),
};
