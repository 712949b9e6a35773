export type { InventoryTables } from './database/tables.ts';
export { subgraph } from './subgraph.ts';
