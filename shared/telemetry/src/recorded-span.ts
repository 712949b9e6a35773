import {
  context,
  type Attributes as OtelAttributes,
  SpanKind as OtelKind,
  type Span as OtelSpan,
  type AttributeValue as OtelValue,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { isGraphError, messageOf } from '@weft/errors';
import { toOtel, toOwn } from './otel-context.ts';
import type { Attributes, AttributeValue, Span, SpanKind, SpanOptions } from './span.ts';
import { ATTRIBUTES } from './spans.ts';

const KINDS: Readonly<Record<SpanKind, OtelKind>> = {
  internal: OtelKind.INTERNAL,
  server: OtelKind.SERVER,
  client: OtelKind.CLIENT,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
};

export function startSpan(tracer: Tracer, name: string, options: SpanOptions): OtelSpan {
  const active = context.active();
  const parent = options.parent === undefined ? active : trace.setSpanContext(active, toOtel(options.parent));
  const started = {
    kind: KINDS[options.kind ?? 'internal'],
    attributes: toOtelAttributes(options.attributes ?? {}),
    links: (options.links ?? []).map((link) => ({ context: toOtel(link) })),
  };
  return tracer.startSpan(name, started, parent);
}

export function recordedSpan(span: OtelSpan): Span {
  return {
    recording: span.isRecording(),
    setAttribute: (name, value) => void span.setAttribute(name, toOtelValue(value)),
    setAttributes: (attributes) => void span.setAttributes(toOtelAttributes(attributes)),
    addEvent: (name, attributes = {}) => void span.addEvent(name, toOtelAttributes(attributes)),
    addLink: (link) => void span.addLink({ context: toOtel(link) }),
    recordError: (error) => recordError(span, error),
    spanContext: () => toOwn(span.spanContext()),
  };
}

/** An expected failure is its code; a bug is recorded with its stack. */
export function recordError(span: OtelSpan, error: unknown): void {
  if (isGraphError(error)) span.setAttribute(ATTRIBUTES.errorCode, error.code);
  else span.recordException(error instanceof Error ? error : messageOf(error));
  span.setStatus({ code: SpanStatusCode.ERROR, message: messageOf(error) });
}

function toOtelValue(value: AttributeValue): OtelValue {
  return typeof value === 'object' ? [...value] : value;
}

function toOtelAttributes(attributes: Attributes): OtelAttributes {
  const shown: OtelAttributes = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) shown[name] = toOtelValue(value);
  return shown;
}
