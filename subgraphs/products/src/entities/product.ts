import { entityKey, hasKey, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { ProductsTables, ProductTable } from '../database/tables.ts';
import { productById } from '../loaders/product-by-id.ts';
import { productIdBySku } from '../loaders/product-id-by-sku.ts';
import { categoryById } from './category.ts';

type Context = SubgraphContext<ProductsTables>;

export const product: TypeResolvers<ProductsTables> = {
  __resolveReference: (representation, context) =>
    hasKey(representation, 'id')
      ? context.session.load(productById, entityKey(representation, 'id'))
      : loadBySku(context, entityKey(representation, 'sku')),
  price: (row: ProductTable) => ({ amountMinor: row.price_minor, currency: row.currency }),
  weight: (row: ProductTable) => row.weight_grams,
  category: (row: ProductTable, _args, context) => categoryById(context, row.category_id),
  parcelClass: (row: ProductTable) => row.parcel_class,
  inStock: (row: ProductTable) => row.in_stock,
};

/** Null when no product has the sku now. */
export async function loadBySku({ session }: Context, sku: string): Promise<ProductTable | null> {
  const lookup = await session.load(productIdBySku, sku);
  if (lookup === null) return null;
  const row = await session.load(productById, lookup.product_id);
  // The lookup is on another shard than the product, so it may be a moment behind it.
  return row?.sku === sku ? row : null;
}
