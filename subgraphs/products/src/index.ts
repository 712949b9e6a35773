export type { ProductsTables } from './database/tables.ts';
export { subgraph } from './subgraph.ts';
