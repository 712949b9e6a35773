export type { OrdersTables } from './database/tables.ts';
export { subgraph } from './subgraph.ts';
