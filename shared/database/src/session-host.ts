import type { Compilable } from 'kysely';
import { createSharedReads, type SharedReadContext } from './batch/shared-reads.ts';
import { composeWrite, takeXid } from './compile/compose-write.ts';
import { createBuilder } from './compile/statement.ts';
import type { SessionHost } from './create-session.ts';
import type { DatabaseOptions } from './database.ts';
import { freshnessOf } from './freshness.ts';
import type { GainedShards } from './gained-shards.ts';
import type { Invalidations } from './invalidations.ts';
import { createReferenceTables } from './reference-tables.ts';
import type { Shards } from './shards.ts';
import { createStatementNames } from './statement-names.ts';
import { traceparentOf } from './store-events.ts';

/** What the sessions of all requests share: shards, reference tables, names of statements. */
export function createSessionHost<T>(
  { subgraph, telemetry, shardMap }: DatabaseOptions,
  shards: Shards,
  invalidations: Invalidations,
  moves: { readonly gained: GainedShards; readonly look: (shard: string) => Promise<void> },
): SessionHost<T> {
  const references = createReferenceTables(shards.names);
  const names = createStatementNames();
  const builder = createBuilder<T>();
  const read: SharedReadContext['read'] = (shard, statement, limits) => shards.named(shard).read(statement, limits);
  const shared = createSharedReads(telemetry, { rows: invalidations.rows, read });
  invalidations.listen(() => shared.outdate());

  const runOf = (loader: string, statement: Compilable) => {
    const { sql, parameters } = statement.compile();
    return { name: names.nameOf(sql), sql, parameters: [...parameters], loader };
  };
  return {
    shards: shards.names,
    telemetry,
    shardOf: shards.nameOf,
    batchContext: (limits, freshness) => ({
      telemetry,
      home: telemetry.exporting ? telemetry.activeSpanContext() : undefined,
      metrics: shards.metrics,
      rows: invalidations.rows,
      limits,
      freshness: (shard) => (moves.gained.has(shard) ? 'primary' : freshness(shard)),
      shardOfBucket: shardMap.shardOfBucket,
      shared,
      read,
    }),
    freshness: (tokens) => (tokens.length === 0 ? () => 'any' : freshnessOf(tokens, shards)),
    wrote: (shard) => shared.outdate(shard),
    reference: (reference, context) => references.rows(reference as never, context) as never,
    lookForMap: moves.look,
    async read(shard, { name, statement }, limits) {
      const primary = limits.primary || moves.gained.has(shard);
      const answer = await shards.named(shard).read(runOf(name, statement(builder)), { ...limits, primary });
      return answer.rows as never;
    },
    async write(shard, { name, statement, events = [], invalidates = [] }, limits) {
      const traceparent = traceparentOf(telemetry);
      const written = composeWrite(statement(builder).compile(), { subgraph, events, invalidates, traceparent });
      // Before the write: a promotion meanwhile makes this epoch an unknown one, which costs reads of the primary and no more.
      const epoch = shards.epochOf(shard);
      const writing = shards.named(shard).write(runOf(name, { compile: () => written }), limits);
      // Whatever comes of it: a write that failed may have been done.
      const { rows, xid } = takeXid(await writing.finally(() => shared.outdate(shard)));
      // Not by the notification, which comes a moment later: this process reads its own write at once.
      if (invalidates.length > 0) await invalidations.apply(invalidates);
      const token = xid && { shard, epoch, xid, writtenAt: Math.floor(Date.now() / 1_000) };
      return { rows: rows as never, token: token || undefined };
    },
  };
}
