import type { SpanContext, Telemetry } from '@weft/telemetry';
import type { RowStore } from '../cache/row-store.ts';
import type { DatabaseMetrics } from '../database-metrics.ts';
import type { Freshness } from '../freshness.ts';
import type { Limits } from '../server/run-statement.ts';
import type { ReadLimits, ShardAnswer } from '../server/shard.ts';
import type { ShardStatement } from '../server/traced-run.ts';
import type { SharedReads } from './shared-reads.ts';

/** What a batch needs. One per request; `shared` is of all. */
export interface BatchContext {
  readonly telemetry: Telemetry;
  /** The span that the session began in: parent of every batch, whoever asked first. Undefined when nothing is recorded. */
  readonly home: SpanContext | undefined;
  readonly metrics: DatabaseMetrics;
  readonly rows: RowStore;
  readonly limits: Limits;
  readonly shared: SharedReads;
  shardOfBucket(bucket: number): string;
  /** What this request has to see there: `primary` where it wrote itself. Only where any answer will do a cache may give it. */
  freshness(shard: string): Freshness;
  /** One statement for this request alone: scatters and reference tables. */
  read(shard: string, statement: ShardStatement, limits: ReadLimits): Promise<ShardAnswer>;
}
