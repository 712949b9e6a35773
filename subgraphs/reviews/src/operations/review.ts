import type { FieldResolver } from '@weft/subgraph';
import type { ReviewsTables } from '../database/tables.ts';
import { reviewById } from '../loaders/review-by-id.ts';

export const review: FieldResolver<ReviewsTables> = (_root, { id }: { id: string }, { session }) =>
  session.load(reviewById, id);
