import { isGraphError } from '@weft/errors';
import { ATTRIBUTES, type SpanContext, type Telemetry } from '@weft/telemetry';
import type { StatementRecord } from '../database.ts';
import type { DatabaseMetrics } from '../database-metrics.ts';
import type { Limits, Run } from './run-statement.ts';
import { type Server, ServerFailure } from './server.ts';

export interface ShardStatement extends Run {
  /** What it belongs to, for spans, metrics and records. */
  readonly loader: string;
  /** Batches that it also belongs to, beside the active span. */
  readonly links?: readonly SpanContext[];
}

export interface TraceOptions {
  readonly telemetry: Telemetry;
  readonly metrics: DatabaseMetrics;
  readonly onStatement: ((statement: StatementRecord) => void) | undefined;
}

/** Runs a statement inside a span, counted and timed. Throws what the server throws. */
export function tracedRun(
  { telemetry, metrics, onStatement }: TraceOptions,
  spanName: string,
  server: Server,
  statement: ShardStatement,
  limits: Limits,
): Promise<unknown[]> {
  const { shard, kind } = server;
  const { loader, sql, parameters, links = [] } = statement;
  const attributes = { [ATTRIBUTES.shard]: shard, [ATTRIBUTES.server]: kind, [ATTRIBUTES.loader]: loader };
  return telemetry.span(spanName, { kind: 'client', attributes, links }, async (span) => {
    const startedAt = performance.now();
    metrics.statements.add({ shard, server: kind, loader });
    try {
      const rows = await server.run(statement, limits);
      const ms = performance.now() - startedAt;
      metrics.statementSeconds.observe({ shard, server: kind }, ms / 1_000);
      if (span.recording) span.setAttributes({ [ATTRIBUTES.rows]: rows.length, [ATTRIBUTES.statement]: sql });
      onStatement?.({ shard, server: kind, loader, sql, parameters, rows: rows.length, ms });
      return rows;
    } catch (error) {
      const code = error instanceof ServerFailure && isGraphError(error.cause) ? error.cause.code : 'ERROR';
      metrics.statementErrors.add({ shard, code });
      throw error;
    }
  });
}
