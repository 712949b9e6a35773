import { entityKey, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { InventoryTables, WarehouseTable } from '../database/tables.ts';
import { allWarehouses } from '../loaders/all-warehouses.ts';

type Context = SubgraphContext<InventoryTables>;

export const warehouse: TypeResolvers<InventoryTables> = {
  // A copy: @apollo/subgraph writes __typename on what it gets, and the row belongs to every request.
  async __resolveReference(representation, context) {
    const row = await warehouseById(context, entityKey(representation, 'id'));
    return row && { ...row };
  },
};

/** Out of the reference table, which the process holds whole. Null for an unknown id. */
export async function warehouseById({ session }: Context, id: string): Promise<WarehouseTable | null> {
  const warehouses = await session.reference(allWarehouses);
  return warehouses.find((row) => row.id === id) ?? null;
}
