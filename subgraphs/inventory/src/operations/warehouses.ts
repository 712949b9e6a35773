import type { FieldResolver } from '@weft/subgraph';
import type { InventoryTables } from '../database/tables.ts';
import { allWarehouses } from '../loaders/all-warehouses.ts';

export const warehouses: FieldResolver<InventoryTables> = (_root, _args, { session }) =>
  session.reference(allWarehouses);
