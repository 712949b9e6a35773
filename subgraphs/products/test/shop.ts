import { composeId } from '@weft/ids';
import type { SubgraphOnFleet } from '@weft/subgraph';
import type { CategoryTable, ProductsTables, ProductTable } from '../src/database/tables.ts';

type Running = SubgraphOnFleet<ProductsTables>;

/** Ids of one shard each: with three shards the buckets are spread 0-340, 341-682, 683-1023. */
export const BUCKET_OF = { 'shard-1': 5, 'shard-2': 500, 'shard-3': 1_000 } as const;

export function productId(bucket: number, sequence: number): string {
  return composeId({ ms: 1_000, bucket, sequence });
}

export const CATEGORIES = [
  { id: '1', slug: 'garden-tools', name: 'Garden tools' },
  { id: '2', slug: 'books', name: 'Books' },
] as const;

export function aProduct(id: string, more: Partial<ProductTable> = {}): ProductTable {
  return {
    ...{ id, sku: `SKU-${id}`, name: `Product ${id}`, description: 'Good.', price_minor: '1290', currency: 'EUR' },
    ...{ weight_grams: 900, category_id: '1', parcel_class: 'PARCEL', in_stock: true },
    ...more,
  };
}

/** Puts the rows where the subgraph looks for them, the lookups with them. */
export async function stockShelves(
  { database }: Running,
  products: readonly ProductTable[],
  categories: readonly CategoryTable[] = CATEGORIES,
): Promise<void> {
  for (const shard of database.shards) {
    for (const { id, slug, name } of categories) {
      await database.query(shard, 'insert into products.category (id, slug, name) values ($1, $2, $3)', [
        id,
        slug,
        name,
      ]);
    }
  }
  for (const row of products) {
    await database.query(
      database.shardOf({ id: row.id }),
      `insert into products.product select * from json_populate_record(null::products.product, $1)`,
      [JSON.stringify(row)],
    );
    const lookup = 'insert into products.sku_lookup (sku, product_id) values ($1, $2)';
    await database.query(database.shardOf({ text: row.sku }), lookup, [row.sku, row.id]);
  }
}
