import { composeId } from '@weft/ids';
import type { RunningGraph } from './running-graph.ts';

const MS = 1_000_000_000;
const REVIEWS_EACH = 2;

/** The bucket of shard-1 (0 to 341) that a product lies in. */
const bucketOf = (index: number) => index % 342;

/**
 * Adds a category whose products, stock and reviews all lie on shard-1, so that the number of shards asked is the same
 * for one product as for fifty. `number` keeps the ids of several such categories apart.
 */
export async function addCategoryOnOneShard(
  { graph, sql }: RunningGraph,
  category: { readonly slug: string; readonly number: number; readonly products: number },
): Promise<void> {
  const { slug, number, products } = category;
  const categoryId = composeId({ ms: MS + number, bucket: 0, sequence: 0 });
  for (const { name } of graph.fleet.shards)
    await sql(name, `insert into products.category (id, slug, name) values (${categoryId}, '${slug}', '${slug}')`);
  const ids = Array.from({ length: products }, (_, index) =>
    composeId({ ms: MS + number * 1_000 + index, bucket: bucketOf(index), sequence: 1 }),
  );
  const values = (row: (id: string, index: number) => string) =>
    ids.map((id, index) => `(${row(id, index)})`).join(',');
  const reviews = ids.flatMap((id, index) =>
    Array.from({ length: REVIEWS_EACH }, (_, nth) => {
      const reviewId = composeId({ ms: MS + number * 1_000 + index, bucket: bucketOf(index), sequence: 2 + nth });
      return `(${reviewId}, ${id}, ${id}, 'somebody', ${3 + nth}, 'Fine', 'Works.', now())`;
    }),
  );
  await sql(
    'shard-1',
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
