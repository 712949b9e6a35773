export type { AccountsTables } from './database/tables.ts';
export { subgraph } from './subgraph.ts';
