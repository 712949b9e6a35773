import { randomUUID } from 'node:crypto';
import {
  activeSpanContext,
  registerContextManager,
  runWithin,
  runWithSpan,
  UNRECORDED_SPAN,
} from './active-context.ts';
import { startTraceExport, type TraceExport } from './exporter.ts';
import { createLog, type Log, type LogLevel } from './log.ts';
import { METRICS } from './metric-names.ts';
import {
  type Counter,
  createMetrics,
  type Gauge,
  type Histogram,
  type MetricDefinition,
  type MetricsSnapshot,
} from './metrics.ts';
import { recordError, recordedSpan, startSpan } from './recorded-span.ts';
import type { Span, SpanOptions } from './span.ts';
import {
  formatTraceparent,
  type HeadersIn,
  readTraceHeaders,
  type SpanContext,
  type TraceContext,
  unrecordedTrace,
} from './trace-context.ts';

export interface TelemetryOptions {
  /** `service.name` of every span, `service` of every log line: gateway, products, products-worker. */
  readonly service: string;
  /** Tells copies of a service apart. */
  readonly instance?: string | undefined;
  /** An OTLP/HTTP collector. Without it no span is recorded, but traces are passed on. */
  readonly otlpUrl?: string | undefined;
  readonly logLevel?: LogLevel | undefined;
  /** Where log lines go; stderr when absent. */
  readonly writeLog?: (line: string) => void;
}

/** What a process tells of itself: spans, metrics, log. One for each service. */
export interface Telemetry {
  /** Runs `work` inside a span: active along every await of it, ended with it, marked failed when it throws. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>;
  /** False when no span is recorded: what only makes spans finer can be left out. */
  readonly exporting: boolean;
  /** Runs `work` with a span as the active one that is not of its own making. */
  within<T>(span: SpanContext, work: () => T): T;
  activeSpanContext(): SpanContext | undefined;
  /** The trace that a request came with; undefined when it came with none or with rubbish. */
  extractTrace(headers: HeadersIn): TraceContext | undefined;
  /** Writes `traceparent` and `tracestate` of the active span into headers that go out. */
  injectTrace(headers: Record<string, string>): void;
  counter(definition: MetricDefinition): Counter;
  histogram(definition: MetricDefinition): Histogram;
  gauge(definition: MetricDefinition): Gauge;
  /** The text that /metrics answers. */
  metricsText(): Promise<string>;
  /** The same, to be summed with those of other processes. */
  metricsSnapshot(): Promise<MetricsSnapshot>;
  readonly log: Log;
  /** Sends the spans that wait; at most two seconds. */
  stop(): Promise<void>;
}

const STOP_TIMEOUT_MS = 2_000;

export function createTelemetry(options: TelemetryOptions): Telemetry {
  registerContextManager();
  const { service, instance = randomUUID(), otlpUrl } = options;
  const log = createLog({
    service,
    instance,
    level: options.logLevel ?? 'info',
    ...(options.writeLog && { write: options.writeLog }),
  });
  const metrics = createMetrics();
  const traces = otlpUrl === undefined ? undefined : exportTo(otlpUrl, service, instance, log, metrics);
  let stopping: Promise<void> | undefined;
  return {
    span: traces === undefined ? passOn : (name, spanOptions, work) => record(traces, name, spanOptions, work),
    exporting: traces !== undefined,
    within: runWithin,
    activeSpanContext,
    extractTrace: readTraceHeaders,
    injectTrace,
    counter: metrics.counter,
    histogram: metrics.histogram,
    gauge: metrics.gauge,
    metricsText: metrics.text,
    metricsSnapshot: metrics.snapshot,
    log,
    stop: () => {
      stopping ??= traces?.stop(STOP_TIMEOUT_MS) ?? Promise.resolve();
      return stopping;
    },
  };
}

function exportTo(
  otlpUrl: string,
  service: string,
  instance: string,
  log: Log,
  metrics: ReturnType<typeof createMetrics>,
): TraceExport {
  const lost = metrics.counter(METRICS.telemetry_spans_lost_total);
  return startTraceExport({
    service,
    instance,
    otlpUrl,
    onLost: (spans) => lost.add({}, spans),
    onCollector: (state, error) => {
      if (state === 'down')
        log.warn({ error, collector: otlpUrl }, 'The trace collector takes no spans; they are dropped until it does.');
      else log.info({ collector: otlpUrl }, 'The trace collector takes spans again.');
    },
  });
}

/** Without a collector: only the outermost span of a process sets a context, so that everything below it has a trace id. */
function passOn<T>(_name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  if (options.parent !== undefined) return runWithin(options.parent, () => work(UNRECORDED_SPAN));
  if (activeSpanContext() !== undefined) return work(UNRECORDED_SPAN);
  return runWithin(unrecordedTrace(), () => work(UNRECORDED_SPAN));
}

async function record<T>(
  traces: TraceExport,
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const span = startSpan(traces.tracer, name, options);
  try {
    return await runWithSpan(span, () => work(recordedSpan(span)));
  } catch (error) {
    recordError(span, error);
    throw error;
  } finally {
    span.end();
  }
}

function injectTrace(headers: Record<string, string>): void {
  const active = activeSpanContext();
  if (active === undefined) return;
  headers.traceparent = formatTraceparent(active);
  if (active.traceState !== undefined) headers.tracestate = active.traceState;
}
