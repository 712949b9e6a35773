import type { RunningGraph } from '../running-graph.ts';

/** A product that the drill sells, and how many there were at the start. */
export interface Stocked {
  readonly id: string;
  readonly stock: number;
}

/** Of one product there is so little that some orders find nothing left, however few a slow machine places. */
const RARE = 1;

/** Picks products of every shard and sets what there is of each, all in one warehouse. */
export async function stockShop(
  { graph, sql }: RunningGraph,
  { products, stock }: { readonly products: number; readonly stock: number },
): Promise<Stocked[]> {
  const stocked: Stocked[] = [];
  for (const { name } of graph.fleet.shards) {
    const rows = await sql(name, `select id::text from products.product order by id limit ${products}`);
    const shelf = rows.map(({ id }, place) => ({
      id: String(id),
      stock: place === 0 && stocked.length === 0 ? Math.min(RARE, stock) : stock,
    }));
    const ids = shelf.map(({ id }) => id).join(',');
    const quantity = shelf.map(({ id, stock: there }) => `when ${id} then ${there}`).join(' ');
    await sql(
      name,
      `delete from inventory.stock where product_id in (${ids});
       insert into inventory.stock (product_id, warehouse_id, quantity)
         select p.id, (select min(id) from inventory.warehouse), case p.id ${quantity} end
         from products.product p where p.id in (${ids})`,
    );
    stocked.push(...shelf);
  }
  return stocked;
}

/** Rows of all shards. */
export async function onEveryShard<Row>({ graph, sql }: RunningGraph, text: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name } of graph.fleet.shards) rows.push(...((await sql(name, text)) as unknown as Row[]));
  return rows;
}
