export { checkStatements } from './check-statements.ts';
export type { KeyList, ParentKey } from './compile/key-list.ts';
export type { SelectStatement } from './compile/statement.ts';
export { type Connection, type Edge, toConnection } from './connection.ts';
export { ConstraintError } from './constraint-error.ts';
export { createDatabase } from './create-database.ts';
export type {
  ChannelListener,
  Database,
  DatabaseOptions,
  ServerHealth,
  ShardTransaction,
  StatementRecord,
} from './database.ts';
export { type ExplainProblem, explainAll } from './explain.ts';
export { type FleetAddresses, readFleet, type ShardAddresses } from './fleet-addresses.ts';
export {
  type AnyLoader,
  type ArgumentParameters,
  defineListLoader,
  defineReference,
  defineRowLoader,
  defineScatter,
  defineTopLoader,
  type ListLoader,
  type Reference,
  type RowCache,
  type RowLoader,
  type Scatter,
  type TopLoader,
} from './loaders.ts';
export { type MigrateOptions, migrateSubgraph } from './migrations/migrate-subgraph.ts';
export type { Migration } from './migrations/migration.ts';
export type { MovePlan } from './move/check-move.ts';
export { type MoveOptions, type MoveReport, moveBuckets, planMove, resumeMove } from './move/move-buckets.ts';
export {
  type FleetAccess,
  rowsByBucket,
  type ShardStatus,
  type SuggestedMove,
  shardStatus,
  suggestMoves,
} from './move/shard-loads.ts';
export { readShardedTables, type ShardedTable, type ShardedTables } from './move/sharded-tables.ts';
export type { OrderColumn, Page, PageRequest } from './order.ts';
export { byId, byText, type Route } from './route.ts';
export type {
  DatabaseSession,
  OutboxEvent,
  Place,
  SessionOptions,
  ShardRead,
  Write,
} from './session.ts';
export {
  bucketsOfShard,
  formatBuckets,
  movedMap,
  parseBuckets,
  parseShardMap,
  readShardMap,
  type ShardMap,
} from './shard-map.ts';
export type { WriteToken } from './write-token.ts';
