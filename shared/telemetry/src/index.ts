export type { Log, LogLevel, LogMethod } from './log.ts';
export { METRICS, type MetricName } from './metric-names.ts';
export {
  type Counter,
  countsOf,
  createEarnedLabel,
  type EarnedLabelOptions,
  type Gauge,
  type Histogram,
  type Labels,
  type MetricDefinition,
  type MetricsSnapshot,
  snapshotText,
  sumSnapshots,
} from './metrics.ts';
export type { Attributes, AttributeValue, Span, SpanKind, SpanOptions } from './span.ts';
export { ATTRIBUTES, SPANS } from './spans.ts';
export { createTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';
export {
  formatTraceparent,
  type HeadersIn,
  parseTraceparent,
  type SpanContext,
  type TraceContext,
} from './trace-context.ts';
