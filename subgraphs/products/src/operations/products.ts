import { GraphError } from '@weft/errors';
import type { FieldResolver } from '@weft/subgraph';
import type { ProductsTables } from '../database/tables.ts';
import { loadBySku } from '../entities/product.ts';
import { productById } from '../loaders/product-by-id.ts';

type Resolver = FieldResolver<ProductsTables>;

const MAX_IDS = 100;

export const product: Resolver = (_root, { id }: { id: string }, { session }) => session.load(productById, id);

export const productBySku: Resolver = (_root, { sku }: { sku: string }, context) => loadBySku(context, sku);

/** An id that failed is an error at its own place in the list. */
export const products: Resolver = (_root, { ids }: { ids: readonly string[] }, { session }) => {
  if (ids.length > MAX_IDS) throw new GraphError('BAD_USER_INPUT', `At most ${MAX_IDS} ids at once.`);
  return session.loadMany(productById, ids);
};
