export type { ReviewsTables } from './database/tables.ts';
export { subgraph } from './subgraph.ts';
