import { context, type Span as OtelSpan, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { toOtel, toOwn } from './otel-context.ts';
import type { Span } from './span.ts';
import type { SpanContext, TraceContext } from './trace-context.ts';

let registered = false;

/** Once per process: what is active now travels along every await, for our spans and for those of libraries alike. */
export function registerContextManager(): void {
  if (registered) return;
  registered = true;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
}

export function activeSpanContext(): SpanContext | undefined {
  const active = trace.getSpanContext(context.active());
  return active === undefined ? undefined : toOwn(active);
}

/** Runs with a trace as the active one, without a span of our own. */
export function runWithin<T>(parent: TraceContext, run: () => T): T {
  return context.with(trace.setSpanContext(context.active(), toOtel(parent)), run);
}

export function runWithSpan<T>(span: OtelSpan, run: () => T): T {
  return context.with(trace.setSpan(context.active(), span), run);
}

/** What callers get when nothing is recorded. One object for all, so that it costs nothing. */
export const UNRECORDED_SPAN: Span = {
  recording: false,
  setAttribute() {},
  setAttributes() {},
  addEvent() {},
  addLink() {},
  recordError() {},
  spanContext: activeSpanContext,
};
