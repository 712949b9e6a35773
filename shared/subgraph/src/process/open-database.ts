import { createCache } from '@weft/cache';
import { createDatabase, type Database, readFleet, readShardMap, type StatementRecord } from '@weft/database';
import type { Telemetry } from '@weft/telemetry';
import type { SubgraphSettings } from '../config/subgraph-settings.ts';
import type { Subgraph } from '../definition/define-subgraph.ts';
import type { Closers } from './closers.ts';

/** The database of a process, with its cache of rows; both are closed by `closers`. */
export function openDatabase<T>(
  subgraph: Subgraph<T>,
  settings: SubgraphSettings,
  telemetry: Telemetry,
  closers: Closers,
  onStatement?: (statement: StatementRecord) => void,
): Database<T> {
  const { redisUrl, size } = settings.cache;
  const { database: options } = settings;
  const cache = createCache({ name: subgraph.name, maxBytes: size, telemetry, ...(redisUrl && { redisUrl }) });
  closers.add(() => cache.stop());
  const database = createDatabase<T>({
    subgraph: subgraph.name,
    addresses: readFleet(options.fleetFile),
    shardMap: readShardMap(options.shardMapFile),
    role: options.role,
    password: options.password.reveal(),
    telemetry,
    migrations: subgraph.migrations,
    loaders: subgraph.loaders,
    cache,
    statementTimeoutMs: options.statementTimeout,
    maxConnections: options.maxConnections,
    maxLagMs: options.maxLag,
    ...(onStatement && { onStatement }),
  });
  closers.add(() => database.stop());
  return database;
}
