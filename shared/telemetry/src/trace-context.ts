import { randomFillSync } from 'node:crypto';

/** Where a span stands in its trace, as W3C Trace Context carries it between processes. */
export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Bit 0: sampled, bit 1: the trace id is random. */
  readonly traceFlags: number;
  /** The `tracestate` header as it came; passed on, never read. */
  readonly traceState?: string;
}

/** A span as others point to it, for links. */
export type SpanContext = TraceContext;

/** Headers as node:http gives them, or any plain object with lower-case names. */
export type HeadersIn = Readonly<Record<string, string | readonly string[] | undefined>>;

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const KNOWN_FLAGS = 0b11;
/** W3C Trace Context, 3.3.1.3: at least 512 characters must be passed on; more only helps an attacker. */
const MAX_TRACE_STATE = 512;

/** Reads `traceparent` strictly (W3C Trace Context, 3.2): anything malformed starts a new trace, so it gives undefined. */
export function parseTraceparent(text: string): TraceContext | undefined {
  const parts = TRACEPARENT.exec(text);
  if (parts === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = parts;
  // Version 00 has exactly four parts; a later one may append more; ff is forbidden.
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

export function formatTraceparent(trace: TraceContext): string {
  return `00-${trace.traceId}-${trace.spanId}-0${trace.traceFlags & KNOWN_FLAGS}`;
}

/** The trace that a caller is in; undefined when it sent none or sent rubbish. */
export function readTraceHeaders(headers: HeadersIn): TraceContext | undefined {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string') return undefined;
  const trace = parseTraceparent(traceparent);
  if (trace === undefined || tracestate === undefined) return trace;
  const traceState = typeof tracestate === 'string' ? tracestate : tracestate.join(',');
  return isTraceState(traceState) ? { ...trace, traceState } : trace;
}

function isTraceState(text: string): boolean {
  return text.length > 0 && text.length <= MAX_TRACE_STATE && /^[\x20-\x7e]+$/.test(text);
}

const pool = Buffer.alloc(4_096);
let unused = 0;

/** Random lower-case hex; from a pool, since a system call for each id would cost more than the rest of a span. */
function randomHex(bytes: number): string {
  if (unused < bytes) {
    randomFillSync(pool);
    unused = pool.length;
  }
  unused -= bytes;
  return pool.toString('hex', unused, unused + bytes);
}

/** A trace of our own that nothing records: errors and log lines of one request share its id, in every process. */
export function unrecordedTrace(): TraceContext {
  return { traceId: randomHex(16), spanId: randomHex(8), traceFlags: 0b10 };
}
