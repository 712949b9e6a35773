import { createRequire } from 'node:module';
import { context, ProxyTracerProvider, type Tracer, trace } from '@opentelemetry/api';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';

export interface TraceExportOptions {
  readonly service: string;
  readonly instance: string;
  /** The collector: its address, or that of its traces when it has a path. */
  readonly otlpUrl: string;
  readonly onLost: (spans: number) => void;
  /** Told when the collector stops or starts again to take spans: once each time, not for every batch. */
  readonly onCollector: (state: 'down' | 'up', error?: unknown) => void;
}

export interface TraceExport {
  readonly tracer: Tracer;
  /** Sends what is waiting; gives up after `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>;
}

/** Libraries whose spans would tell once more, and under the same names, what ours tell. */
const TOLD_BY_US = /^apollo\/gateway-js$/;
/** Never given a provider: its spans are not recorded, and hand on the one that is active. */
const silent = new ProxyTracerProvider();

/** Longest wait for the collector to take one batch, the exporter's own retries included. */
const EXPORT_TIMEOUT_MS = 2_000;

/** Loads the OpenTelemetry SDK, which costs about 100 ms and 20 MiB: only a process that exports pays it. */
export function startTraceExport(options: TraceExportOptions): TraceExport {
  // `require` and not `import()`: the first request must be recorded too, and createTelemetry does not wait.
  const require = createRequire(import.meta.url);
  const sdk = require('@opentelemetry/sdk-trace') as typeof import('@opentelemetry/sdk-trace');
  const otlp =
    require('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
  const resources = require('@opentelemetry/resources') as typeof import('@opentelemetry/resources');
  const core = require('@opentelemetry/core') as typeof import('@opentelemetry/core');

  const exporter = new otlp.OTLPTraceExporter({ url: tracesUrl(options.otlpUrl), timeoutMillis: EXPORT_TIMEOUT_MS });
  const queue = createExportQueue({
    // The exporter's own HTTP requests must not become spans.
    send: (spans, done) =>
      context.with(core.suppressTracing(context.active()), () =>
        exporter.export(spans, (result) =>
          done(result.code === core.ExportResultCode.SUCCESS ? undefined : (result.error ?? 'refused')),
        ),
      ),
    close: () => exporter.shutdown(),
    onLost: options.onLost,
    onCollector: options.onCollector,
  });
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({
      'service.name': options.service,
      'service.instance.id': options.instance,
    }),
    spanProcessors: [queue],
  });
  // Spans of libraries go to the first telemetry of the process that exports.
  const isGlobal = trace.setGlobalTracerProvider({
    getTracer: (name, version, tracerOptions) =>
      (TOLD_BY_US.test(name) ? silent : provider).getTracer(name, version, tracerOptions),
  });
  return {
    tracer: provider.getTracer('weft'),
    async stop(timeoutMs) {
      if (isGlobal) trace.disable();
      await within(timeoutMs, provider.shutdown());
      queue.abandon();
    },
  };
}

function tracesUrl(address: string): string {
  const url = new URL(address);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Spans that wait for the collector; those that come when it is full are dropped. About 2 KiB each. */
const MAX_QUEUE = 4_096;
const MAX_BATCH = 512;
const EXPORT_EVERY_MS = 1_000;
const SAMPLED = 1;

interface ExportQueueOptions {
  readonly send: (spans: ReadableSpan[], done: (error: unknown) => void) => void;
  readonly close: () => Promise<void>;
  readonly onLost: (spans: number) => void;
  readonly onCollector: (state: 'down' | 'up', error?: unknown) => void;
}

/**
 * Own queue and not the SDK's: that one neither counts what it drops nor ends in a bounded time, and throws each failure
 * at a handler of the whole process. One batch is under way at a time; what fails is lost, not sent again.
 */
function createExportQueue(options: ExportQueueOptions): SpanProcessor & { abandon(): void } {
  let waiting: ReadableSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let isDown = false;
  let isStopped = false;

  const sendBatch = async (): Promise<void> => {
    const batch = waiting.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    const error = await new Promise<unknown>((resolve) => {
      try {
        options.send(batch, resolve);
      } catch (thrown) {
        resolve(thrown);
      }
    });
    if (error !== undefined) options.onLost(batch.length);
    if ((error !== undefined) === isDown) return;
    isDown = error !== undefined;
    options.onCollector(isDown ? 'down' : 'up', error);
  };
  const drain = async (): Promise<void> => {
    while (waiting.length > 0) await sendBatch();
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending ??= drain().finally(() => {
      sending = undefined;
    });
    return sending;
  };
  return {
    onStart() {},
    onEnd(span) {
      if (isStopped || (span.spanContext().traceFlags & SAMPLED) === 0) return;
      if (waiting.length >= MAX_QUEUE) {
        options.onLost(1);
        return;
      }
      waiting.push(span);
      if (waiting.length >= MAX_BATCH && sending === undefined) void flush();
      else timer ??= setTimeout(() => void flush(), EXPORT_EVERY_MS).unref();
    },
    forceFlush: flush,
    async shutdown() {
      isStopped = true;
      await flush();
      await options.close();
    },
    /** What is under way may end; nothing more is sent. */
    abandon() {
      options.onLost(waiting.length);
      waiting = [];
    },
  };
}
