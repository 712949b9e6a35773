export type { {{Tables}} } from './database/tables.ts';
export { subgraph } from './subgraph.ts';
