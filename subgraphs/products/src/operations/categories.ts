import type { FieldResolver } from '@weft/subgraph';
import type { ProductsTables } from '../database/tables.ts';
import { allCategories } from '../loaders/all-categories.ts';

export const categories: FieldResolver<ProductsTables> = (_root, _args, { session }) =>
  session.reference(allCategories);
