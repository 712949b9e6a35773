import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@weft/errors';
import { METRICS } from '@weft/telemetry';
import type { WorkerSettings } from '../worker-settings.ts';
import type { OldRows } from './old-rows.ts';

export interface PrunerOptions<T> {
  readonly settings: WorkerSettings<T>;
  readonly shard: string;
  readonly rows: readonly OldRows[];
}

export interface Pruner {
  /** Ends after the statement in hand. */
  stop(): Promise<void>;
}

/** Rows that one statement deletes: it holds their locks for some milliseconds. */
const BATCH = 1_000;

/**
 * Deletes what is old on one shard, in small statements, for ever. Copies of a worker may meet: each passes over the
 * rows that another one is deleting.
 */
export function createPruner<T>({ settings, shard, rows }: PrunerOptions<T>): Pruner {
  const { database, telemetry, timing } = settings;
  const stopping = new AbortController();
  const pruned = telemetry.counter(METRICS.queue_rows_pruned_total);

  async function prune(old: OldRows): Promise<void> {
    for (let deleted = BATCH; deleted === BATCH && !stopping.signal.aborted; ) {
      const [row] = await database.query<{ deleted: number }>(shard, deleteSome(old), [old.days, BATCH]);
      deleted = row?.deleted ?? 0;
      if (deleted > 0) pruned.add({ table: old.table }, deleted);
    }
  }

  async function run(): Promise<void> {
    // Copies that were started together do not come together.
    await pause(Math.random() * timing.pruneMs);
    while (!stopping.signal.aborted) {
      for (const old of rows) {
        await prune(old).catch((error: unknown) =>
          telemetry.log.warn({ shard, table: old.table, error: messageOf(error) }, 'old rows could not be deleted'),
        );
      }
      await pause(timing.pruneMs);
    }
  }

  const pause = (ms: number) => delay(ms, undefined, { ref: false, signal: stopping.signal }).catch(() => undefined);
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function deleteSome({ table, column, where = 'true' }: OldRows): string {
  return `with gone as (
    delete from ${table} where ctid = any(array(
      select ctid from ${table} where ${column} < now() - $1 * interval '1 day' and ${where}
      order by ${column} limit $2 for update skip locked
    )) returning 1
  ) select count(*)::int as deleted from gone`;
}
