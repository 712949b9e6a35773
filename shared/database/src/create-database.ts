import { isGraphError } from '@weft/errors';
import { createChannels } from './channels.ts';
import { checkStatements } from './check-statements.ts';
import { createBuilder } from './compile/statement.ts';
import { createSession } from './create-session.ts';
import type { Database, DatabaseOptions, ShardTransaction } from './database.ts';
import { followMap } from './follow-map.ts';
import { createGainedShards } from './gained-shards.ts';
import { encodeTags } from './invalidation-payload.ts';
import { createInvalidations } from './invalidations.ts';
import { createLiveMap } from './live-map.ts';
import type { RowLoader } from './loaders.ts';
import { checkShards } from './migrations/check-shards.ts';
import type { TransactionQuery } from './server/run-transaction.ts';
import type { Shard } from './server/shard.ts';
import { createSessionHost } from './session-host.ts';
import { openShards } from './shards.ts';
import { storeEvents, traceparentOf } from './store-events.ts';

/**
 * Nothing is awaited here: servers are watched from now on, `check()` waits for every shard. Throws when a loader's
 * statement could not be sent to one shard, and a UserError when the map names a shard without an address.
 */
export function createDatabase<T>(given: DatabaseOptions): Database<T> {
  const { subgraph, cache, loaders = [], maxLagMs = 5_000 } = given;
  const live = createLiveMap(given.shardMap);
  const options = { ...given, shardMap: live };
  checkStatements(loaders);
  const invalidations = createInvalidations({ subgraph, cache, maxLagMs });
  for (const loader of loaders) {
    if (loader.kind === 'row') invalidations.rows.register(loader as unknown as RowLoader<unknown, unknown>);
  }
  const channels = createChannels();
  const shards = openShards(options, invalidations, channels, (shard) => void follower.look(shard));
  const gained = createGainedShards(maxLagMs);
  const host = createSessionHost<T>(options, shards, invalidations, { gained, look: (shard) => follower.look(shard) });
  const follower = followMap({
    ...{ live, shards, log: options.telemetry.log },
    onSwap(names) {
      gained.mark(names);
      void invalidations.apply('everything');
      host.wrote();
    },
  });
  const inTransaction = createTransactions<T>(options, invalidations.channel);

  return {
    subgraph,
    shards: shards.names,
    shardOf: shards.nameOf,
    begin: (session = {}) => createSession(host, session),
    check: () =>
      checkShards({
        subgraph,
        shardMap: live,
        migrations: options.migrations ?? [],
        query: (shard, sql) => readForCheck(shards.named(shard), sql),
        takeNewerMap: (shard) => follower.look(shard),
      }),
    health: () => shards.all.flatMap((shard) => shard.health()),
    transaction: (shard, work) =>
      shards
        .named(shard)
        .transaction((query) => work(inTransaction(shard, query)))
        .finally(() => host.wrote(shard)),
    async query(shard, sql, parameters = []) {
      const statement = { name: undefined, sql, parameters: [...parameters], loader: 'query' };
      const rows = shards.named(shard).write(statement, {});
      return (await rows.finally(() => host.wrote(shard))) as never;
    },
    listen(channel, listener) {
      const end = channels.add(channel, listener);
      for (const shard of shards.all) shard.listen(channel);
      return end;
    },
    onInvalidate: invalidations.listen,
    async stop() {
      await Promise.all(shards.all.map((shard) => shard.stop()));
    },
  };
}

/** On a replica only when there is no primary: a replica may not have the migration of a moment ago. */
async function readForCheck(shard: Shard, sql: string): Promise<unknown[]> {
  const statement = { name: undefined, sql, parameters: [], loader: 'check' };
  try {
    return (await shard.read(statement, { primary: true })).rows;
  } catch (error) {
    if (!isGraphError(error)) throw error;
    return (await shard.read(statement, { primary: false })).rows;
  }
}

function createTransactions<T>(
  { subgraph, telemetry }: DatabaseOptions,
  channel: string,
): (shard: string, query: TransactionQuery) => ShardTransaction<T> {
  const db = createBuilder<T>();
  return (shard, run) => {
    const query = run as ShardTransaction<T>['query'];
    return {
      shard,
      db,
      query,
      execute(statement) {
        const { sql, parameters } = statement.compile();
        return query(sql, parameters);
      },
      emit: (events) => storeEvents(run, subgraph, events, traceparentOf(telemetry)),
      async invalidate(tags) {
        await query('select pg_notify($1, $2)', [channel, encodeTags(tags)]);
      },
    };
  };
}
