import { composeId } from '@weft/ids';
import type { RunningGraph } from '../src/running-graph.ts';

const MS = 1_000_000_000;
const REVIEWS_EACH = 2;

/** The first bucket of each shard; each has more than 300. */
const FIRST_BUCKETS = { 'shard-1': 0, 'shard-2': 342, 'shard-3': 683 } as const;

type ShardName = keyof typeof FIRST_BUCKETS;

export interface PlacedCategory {
  readonly slug: string;
  /** Keeps the ids of several categories apart. */
  readonly number: number;
  readonly products: number;
  /** The products take turns; by price, which is how a search orders them. */
  readonly shards: readonly ShardName[];
}

/** Adds a category whose products, with their stock and reviews, lie on the shards named, so that it is known which are asked. */
export async function addCategory(running: RunningGraph, category: PlacedCategory): Promise<void> {
  const { slug, number, shards } = category;
  const { graph, sql } = running;
  const categoryId = composeId({ ms: MS + number, bucket: 0, sequence: 0 });
  for (const { name } of graph.fleet.shards)
    await sql(name, `insert into products.category (id, slug, name) values (${categoryId}, '${slug}', '${slug}')`);
  for (const [turn, shard] of shards.entries()) await addProducts(running, category, { categoryId, turn, shard });
}

async function addProducts(
  { sql }: RunningGraph,
  { slug, number, products, shards }: PlacedCategory,
  { categoryId, turn, shard }: { readonly categoryId: string; readonly turn: number; readonly shard: ShardName },
): Promise<void> {
  const indexes = Array.from({ length: products }, (_, index) => index).filter(
    (index) => index % shards.length === turn,
  );
  const bucketOf = (index: number) => FIRST_BUCKETS[shard] + (index % 300);
  const idOf = (index: number, sequence: number) =>
    composeId({ ms: MS + number * 1_000 + index, bucket: bucketOf(index), sequence });
  const values = (row: (id: string, index: number) => string) =>
    indexes.map((index) => `(${row(idOf(index, 1), index)})`).join(',');
  const reviews = indexes.flatMap((index) =>
    Array.from({ length: REVIEWS_EACH }, (_, nth) => {
      const id = idOf(index, 1);
      return `(${idOf(index, 2 + nth)}, ${id}, ${id}, 'somebody', ${3 + nth}, 'Fine', 'Works.', now())`;
    }),
  );
  await sql(
    shard,
    `insert into products.product (id, sku, name, description, price_minor, currency, weight_grams, category_id, parcel_class, in_stock)
       values ${values((id, index) => `${id}, '${slug}-${index}', 'Product ${index}', 'One of many.', ${1000 + index}, 'EUR', 500, ${categoryId}, 'PARCEL', true`)};
     insert into inventory.stock (product_id, warehouse_id, quantity)
       select p.id, w.id, 3 from products.product p, inventory.warehouse w where p.category_id = ${categoryId};
     insert into reviews.review (id, product_id, author_id, author_username, rating, title, body, created_at)
       values ${reviews.join(',')};
     insert into reviews.product_rating (product_id, rating_sum, review_count)
       values ${values((id) => `${id}, 7, 2`)};`,
  );
}

/** Waits until every replica has what its primary has committed. */
export async function replicasCaughtUp({ graph, sql }: RunningGraph): Promise<boolean> {
  for (const { name } of graph.fleet.shards) {
    const [row] = await sql(
      name,
      'select coalesce(bool_and(replay_lsn = pg_current_wal_lsn()), false) as even from pg_stat_replication',
    );
    if (row?.even !== true) return false;
  }
  return true;
}
