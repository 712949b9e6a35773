import { type SpanContext as OtelSpanContext, createTraceState as parseTraceState } from '@opentelemetry/api';
import type { TraceContext } from './trace-context.ts';

/** Our trace context as OpenTelemetry wants it, marked as come from another process. */
export function toOtel(own: TraceContext): OtelSpanContext {
  const { traceId, spanId, traceFlags, traceState } = own;
  const base = { traceId, spanId, traceFlags, isRemote: true };
  return traceState === undefined ? base : { ...base, traceState: parseTraceState(traceState) };
}

export function toOwn(otel: OtelSpanContext): TraceContext {
  const { traceId, spanId, traceFlags } = otel;
  const traceState = otel.traceState?.serialize();
  return traceState === undefined || traceState === ''
    ? { traceId, spanId, traceFlags }
    : { traceId, spanId, traceFlags, traceState };
}
