import type { Database, DatabaseOptions } from './database.ts';

/** Nothing is awaited here: connections are made when they are needed, `check()` waits for every shard. */
export function createDatabase<T>(options: DatabaseOptions): Database<T> {
  throw new Error(`not built yet: ${options.subgraph}`);
}
