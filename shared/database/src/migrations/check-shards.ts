import type { ShardMap } from '../shard-map.ts';
import type { Migration } from './migration.ts';

export interface CheckOptions {
  readonly subgraph: string;
  readonly shardMap: ShardMap;
  readonly migrations: readonly Migration[];
  readonly query: (shard: string, sql: string, parameters?: readonly unknown[]) => Promise<unknown[]>;
}

export async function checkShards(_options: CheckOptions): Promise<void> {}
