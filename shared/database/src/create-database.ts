import { isGraphError, UserError } from '@weft/errors';
import { bucketOfId, bucketOfText } from '@weft/ids';
import type { Compilable } from 'kysely';
import type { BatchContext } from './batch/batch-context.ts';
import { createFreshTags } from './cache/fresh-tags.ts';
import { createRowStore } from './cache/row-store.ts';
import { checkStatements } from './check-statements.ts';
import { composeWrite } from './compile/compose-write.ts';
import { createBuilder } from './compile/statement.ts';
import { createSession, type SessionHost } from './create-session.ts';
import type { ChannelListener, Database, DatabaseOptions, ShardTransaction } from './database.ts';
import { createDatabaseMetrics } from './database-metrics.ts';
import { decodeTags, encodeTags, invalidationChannel } from './invalidation.ts';
import type { RowLoader } from './loaders.ts';
import { checkShards } from './migrations/check-shards.ts';
import { createReferenceTables } from './reference-tables.ts';
import { createShard, type Shard } from './server/shard.ts';
import type { Place } from './session.ts';
import { createStatementNames } from './statement-names.ts';

const PROBE_EVERY_MS = 1_000;

/** Nothing is awaited here: servers are watched from now on, `check()` waits for every shard. */
export function createDatabase<T>(options: DatabaseOptions): Database<T> {
  const { subgraph, addresses, shardMap, telemetry, cache, loaders = [], maxLagMs = 5_000 } = options;
  checkStatements(loaders);
  const fresh = createFreshTags({ forMs: maxLagMs });
  const rows = createRowStore(subgraph, cache, fresh);
  for (const loader of loaders) {
    if (loader.kind === 'row') rows.register(loader as unknown as RowLoader<unknown, unknown>);
  }
  const metrics = createDatabaseMetrics(telemetry);
  const references = createReferenceTables(shardMap.shards);
  const names = createStatementNames();
  const builder = createBuilder<T>();
  const channels = createChannels();
  const tagListeners = new Set<(tags: readonly string[]) => void>();
  const invalidations = invalidationChannel(subgraph);

  const invalidate = async (tags: readonly string[] | 'everything'): Promise<void> => {
    await (tags === 'everything' ? rows.invalidateAll() : rows.invalidate(tags));
    for (const listener of tagListeners) listener(tags === 'everything' ? ['*'] : tags);
  };

  const shards = new Map<string, Shard>();
  for (const name of shardMap.shards) {
    const found = addresses.shards.find((shard) => shard.name === name);
    if (found === undefined) {
      throw new UserError(`the shard map names ${name}, the fleet file does not`, { code: 'CONFIG_INVALID' });
    }
    const shard = createShard({
      addresses: found,
      credentials: { role: options.role, password: options.password },
      applicationName: `weft-${subgraph}`,
      statementTimeoutMs: options.statementTimeoutMs ?? 2_000,
      maxConnections: options.maxConnections ?? 6,
      maxLagMs,
      probeEveryMs: Math.min(PROBE_EVERY_MS, Math.max(maxLagMs / 5, 20)),
      telemetry,
      metrics,
      onStatement: options.onStatement,
      onListening(channel) {
        if (channel === invalidations) void rows.hears(name);
        channels.listening(name, channel);
      },
      onDeaf: () => rows.deaf(name),
      onNotification(channel, payload) {
        if (channel === invalidations) void invalidate(decodeTags(payload));
        channels.notified(name, channel, payload);
      },
    });
    shard.listen(invalidations);
    shards.set(name, shard);
  }

  const shardNamed = (name: string): Shard => {
    const shard = shards.get(name);
    if (shard === undefined) throw new RangeError(`there is no shard ${name}`);
    return shard;
  };
  const shardOf = (place: Place): string => shardMap.shardOfBucket(bucketOf(place));

  const runOf = <Row>(compilable: Compilable<Row>) => {
    const { sql, parameters } = compilable.compile();
    return { name: names.nameOf(sql), sql, parameters: [...parameters] };
  };

  const host: SessionHost<T> = {
    shards: shardMap.shards,
    telemetry,
    shardOf,
    batchContext: (limits, hasWritten): BatchContext => ({
      telemetry,
      metrics,
      rows,
      limits,
      hasWritten,
      shardOfBucket: shardMap.shardOfBucket,
      read: (shard, statement, readLimits) => shardNamed(shard).read(statement, readLimits),
    }),
    reference: (reference, context) => references.rows(reference as never, context) as never,
    async read(shard, { name, statement }, limits) {
      const answer = await shardNamed(shard).read({ ...runOf(statement(builder)), loader: name }, limits);
      return answer.rows as never;
    },
    async write(shard, { name, statement, events = [], invalidates = [] }, limits) {
      const written = composeWrite(statement(builder).compile(), { subgraph, events, invalidates });
      const run = { name: names.nameOf(written.sql), sql: written.sql, parameters: [...written.parameters] };
      const result = await shardNamed(shard).write({ ...run, loader: name }, limits);
      // Not by the notification, which comes a moment later: this process reads its own write at once.
      if (invalidates.length > 0) await invalidate(invalidates);
      return result as never;
    },
  };

  return {
    subgraph,
    shards: shardMap.shards,
    shardOf,
    begin: (session = {}) => createSession(host, session),
    check: () =>
      checkShards({
        subgraph,
        shardMap,
        migrations: options.migrations ?? [],
        query: readForCheck,
      }),
    health: () => [...shards.values()].flatMap((shard) => shard.health()),
    transaction: (shard, work) =>
      shardNamed(shard).transaction((query) => work(createTransaction(shard, query as ShardTransaction<T>['query']))),
    query: queryOn as Database<T>['query'],
    listen(channel, listener) {
      const end = channels.add(channel, listener);
      for (const shard of shards.values()) shard.listen(channel);
      return end;
    },
    onInvalidate(listener) {
      tagListeners.add(listener);
      return () => tagListeners.delete(listener);
    },
    async stop() {
      await Promise.all([...shards.values()].map((shard) => shard.stop()));
    },
  };

  /** On a replica only when there is no primary: a replica may not have the migration of a moment ago. */
  async function readForCheck(shard: string, sql: string): Promise<unknown[]> {
    const statement = { name: undefined, sql, parameters: [], loader: 'check' };
    try {
      return (await shardNamed(shard).read(statement, { primary: true })).rows;
    } catch (error) {
      if (!isGraphError(error)) throw error;
      return (await shardNamed(shard).read(statement, { primary: false })).rows;
    }
  }

  function queryOn(shard: string, sql: string, parameters: readonly unknown[] = []): Promise<unknown[]> {
    return shardNamed(shard).write({ name: undefined, sql, parameters: [...parameters], loader: 'query' }, {});
  }

  function createTransaction(shard: string, query: ShardTransaction<T>['query']): ShardTransaction<T> {
    return {
      shard,
      db: builder,
      query,
      execute: (statement) => {
        const { sql, parameters } = statement.compile();
        return query(sql, parameters);
      },
      async invalidate(tags) {
        await query('select pg_notify($1, $2)', [invalidations, encodeTags(tags)]);
      },
    };
  }
}

function bucketOf(place: Place): number {
  if ('bucket' in place) return place.bucket;
  return 'id' in place ? bucketOfId(place.id) : bucketOfText(place.text);
}

/** Who listens to which channel besides the database itself: the relay. */
function createChannels() {
  const listeners = new Map<string, Set<ChannelListener>>();
  return {
    add(channel: string, listener: ChannelListener): () => void {
      const known = listeners.get(channel) ?? new Set();
      known.add(listener);
      listeners.set(channel, known);
      return () => known.delete(listener);
    },
    listening(shard: string, channel: string): void {
      for (const listener of listeners.get(channel) ?? []) listener.onListening?.(shard);
    },
    notified(shard: string, channel: string, payload: string): void {
      for (const listener of listeners.get(channel) ?? []) listener.onNotification(shard, payload);
    },
  };
}
