import type { ShardMap } from '../shard-map.ts';
import type { Admin } from './admin.ts';
import type { ShardedTables } from './sharded-tables.ts';

/** The connections of a move, and what it works with. */
export interface Moving {
  /** What is done now, for a person. */
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal;
  /** How long reads that were sent by the map before may still run. */
  readonly settleMs: number;
  readonly source: Admin;
  readonly target: Admin;
  /** Every shard, source and target among them. */
  readonly all: readonly Admin[];
  readonly sharded: ShardedTables;
  readonly before: ShardMap;
  readonly after: ShardMap;
  readonly buckets: readonly number[];
}
