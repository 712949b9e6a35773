import type { RunningGraph } from '../running-graph.ts';

/** A product that the drill sells, and how many there were at the start. */
export interface Stocked {
  readonly id: string;
  readonly stock: number;
}

/**
 * Picks products of every shard and sets what there is of each, all in one warehouse: so little that some orders find
 * nothing left.
 */
export async function stockShop(
  { graph, sql }: RunningGraph,
  { products, stock }: { readonly products: number; readonly stock: number },
): Promise<Stocked[]> {
  const stocked: Stocked[] = [];
  for (const { name } of graph.fleet.shards) {
    const rows = await sql(name, `select id::text from products.product order by id limit ${products}`);
    const ids = rows.map(({ id }) => String(id));
    await sql(
      name,
      `delete from inventory.stock where product_id in (${ids.join(',')});
       insert into inventory.stock (product_id, warehouse_id, quantity)
         select p.id, (select min(id) from inventory.warehouse), ${stock}
         from products.product p where p.id in (${ids.join(',')})`,
    );
    stocked.push(...ids.map((id) => ({ id, stock })));
  }
  return stocked;
}

/** Rows of all shards. */
export async function onEveryShard<Row>({ graph, sql }: RunningGraph, text: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name } of graph.fleet.shards) rows.push(...((await sql(name, text)) as unknown as Row[]));
  return rows;
}
