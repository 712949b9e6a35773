import type { MetricDefinition } from './metrics.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const KEYS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

const ROWS = {
  gateway_requests_total: {
    help: 'Requests answered, by operation and HTTP status.',
    labels: ['operation', 'status', 'client'],
  },
  gateway_request_duration_seconds: {
    help: 'Time from the request to the end of its answer.',
    labels: ['operation'],
    buckets: SECONDS,
  },
  gateway_errors_total: {
    help: 'Errors sent to clients, by code, the subgraph that they came from (none: the gateway itself) and operation.',
    labels: ['code', 'subgraph', 'operation'],
  },
  gateway_fetches_total: {
    help: 'Calls to subgraphs, by outcome: ok, http_4xx, http_5xx (any other status than 2xx), or an error code.',
    labels: ['subgraph', 'outcome'],
  },
  gateway_fetch_duration_seconds: { help: 'Time of a call to a subgraph.', labels: ['subgraph'], buckets: SECONDS },
  gateway_requests_in_flight: { help: 'Requests being answered now.', labels: [] },
  gateway_response_cache_total: { help: 'Lookups in the response cache, by result.', labels: ['result'] },
  gateway_supergraph_swaps_total: { help: 'Supergraphs taken or refused, by outcome.', labels: ['outcome'] },
  subgraph_requests_total: {
    help: 'Requests answered, by operation and HTTP status.',
    labels: ['operation', 'status'],
  },
  subgraph_request_duration_seconds: {
    help: 'Time from the request to the end of its answer.',
    labels: ['operation'],
    buckets: SECONDS,
  },
  subgraph_errors_total: { help: 'Errors sent to the gateway, by code.', labels: ['code'] },
  subgraph_batches_total: { help: 'DataLoader batches, by loader.', labels: ['loader'] },
  subgraph_batch_keys: { help: 'Keys in one batch.', labels: ['loader'], buckets: KEYS },
  database_statements_total: { help: 'Statements sent to Postgres.', labels: ['shard', 'server', 'loader'] },
  database_statement_duration_seconds: {
    help: 'Time of a statement, waiting for a connection included.',
    labels: ['shard', 'server'],
    buckets: SECONDS,
  },
  database_statement_errors_total: { help: 'Statements that failed, by code.', labels: ['shard', 'code'] },
  database_shard_up: { help: '1 when the shard answers, 0 when it is left alone.', labels: ['shard'] },
  database_replica_lag_seconds: { help: 'How far a replica is behind its primary.', labels: ['shard', 'server'] },
  database_pool_waiting: { help: 'Statements that wait for a connection now.', labels: ['shard', 'server'] },
  cache_reads_total: {
    help: 'Keys looked up, by level (l1: in the process, l2: Redis) and result (hit, miss, rubbish, skipped).',
    labels: ['cache', 'level', 'result'],
  },
  cache_bytes: { help: 'Bytes held by the first level.', labels: ['cache'] },
  queue_outbox_age_seconds: { help: 'Age of the oldest event that waits in the outbox.', labels: ['shard'] },
  queue_jobs_total: { help: 'Jobs ended, by outcome.', labels: ['job', 'outcome'] },
  queue_dead_letters: {
    help: 'Jobs that were given up and events that fail again and again: they wait for a person.',
    labels: ['shard'],
  },
  queue_rows_pruned_total: { help: 'Rows deleted because of their age.', labels: ['table'] },
  telemetry_spans_lost_total: {
    help: 'Spans that the collector did not take, or that came when the queue was full.',
    labels: [],
  },
} as const satisfies Record<string, Omit<MetricDefinition, 'name'>>;

export type MetricName = keyof typeof ROWS;

/** Every metric, by its name in /metrics. Alert rules and dashboards read these, so a row is never renamed. */
export const METRICS: Readonly<Record<MetricName, MetricDefinition>> = named(ROWS);

function named<K extends string>(
  rows: Readonly<Record<K, Omit<MetricDefinition, 'name'>>>,
): Record<K, MetricDefinition> {
  const definitions = {} as Record<K, MetricDefinition>;
  for (const name of Object.keys(rows) as K[]) definitions[name] = { name, ...rows[name] };
  return definitions;
}
