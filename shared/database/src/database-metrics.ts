import { METRICS, type Telemetry } from '@weft/telemetry';

/** Every metric of this package, on the process's registry. */
export function createDatabaseMetrics(telemetry: Telemetry) {
  return {
    statements: telemetry.counter(METRICS.database_statements_total),
    statementSeconds: telemetry.histogram(METRICS.database_statement_duration_seconds),
    statementErrors: telemetry.counter(METRICS.database_statement_errors_total),
    shardUp: telemetry.gauge(METRICS.database_shard_up),
    replicaLagSeconds: telemetry.gauge(METRICS.database_replica_lag_seconds),
    poolWaiting: telemetry.gauge(METRICS.database_pool_waiting),
    batches: telemetry.counter(METRICS.subgraph_batches_total),
    batchKeys: telemetry.histogram(METRICS.subgraph_batch_keys),
  };
}

export type DatabaseMetrics = ReturnType<typeof createDatabaseMetrics>;
