import type { SpanContext, TraceContext } from './trace-context.ts';

export type AttributeValue = string | number | boolean | readonly string[];
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** A running span. Every call on a span that is not recorded does nothing. */
export interface Span {
  /** False when nothing is exported: work that only makes attributes can be left out. */
  readonly recording: boolean;
  setAttribute(name: string, value: AttributeValue): void;
  setAttributes(attributes: Attributes): void;
  addEvent(name: string, attributes?: Attributes): void;
  addLink(link: SpanContext): void;
  /** Marks the span as failed without ending it, for failures that are answered and not thrown. */
  recordError(error: unknown): void;
  /** Undefined only outside of any trace. */
  spanContext(): SpanContext | undefined;
}

export interface SpanOptions {
  /** The trace that came in with a request. Without it the active span is the parent. */
  readonly parent?: TraceContext | undefined;
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Spans that this one also belongs to: those that asked for the same batch. */
  readonly links?: readonly SpanContext[];
}
