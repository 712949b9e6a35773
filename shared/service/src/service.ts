import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Telemetry } from '@weft/telemetry';
import { CONNECTION_LIMITS } from './connection-limits.ts';
import { type DrainOptions, drain, type StopOptions, trackOpen } from './drain.ts';
import { type Checks, createHealth, type Health } from './health.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { listen } from './listen.ts';
import { type MetricsServer, type MetricsServerOptions, startMetricsServer } from './metrics-server.ts';
import { rawErrorResponse, sendError } from './send-error.ts';

export interface ServiceOptions {
  readonly name: string;
  readonly telemetry: Telemetry;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Every request but those of /health and /metrics. What it throws is answered by `sendError`. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
  /** What must work before this process takes requests, by name. */
  readonly checks?: Checks;
  readonly drain?: DrainOptions;
  /** Where /metrics is; `beside` when absent. */
  readonly metrics?: MetricsPlace;
  /** What /metrics answers; that of `telemetry` when absent. */
  readonly metricsText?: () => Promise<string>;
  /** Closes what the handler used, after the last answer. */
  readonly onStop?: () => Promise<void>;
}

/** `beside`: on the port of the service. `nowhere`: the service has none. Else on a port of its own; 0 takes a free one. */
export type MetricsPlace = 'beside' | 'nowhere' | { readonly host: string; readonly port: number };

export interface Service {
  readonly name: string;
  readonly telemetry: Telemetry;
  /** "http://127.0.0.1:4001" */
  readonly url: string;
  readonly port: number;
  /** "http://127.0.0.1:9464/metrics"; undefined when the service has none. */
  readonly metricsUrl: string | undefined;
  readonly isStopping: boolean;
  /** The names of the checks that fail now. */
  failing(): Promise<readonly string[]>;
  /** Serves a connection that another process has accepted, on an address that several processes share. */
  take(socket: Socket): void;
  /** Drains and closes; the second call waits for the first. */
  stop(options?: StopOptions): Promise<void>;
}

const DRAIN: DrainOptions = { leadMs: 0, timeoutMs: 20_000 };

/** An HTTP server with health, metrics, limits on slow clients, and an end that loses no request. Listens when it resolves. */
export async function createService(options: ServiceOptions): Promise<Service> {
  const { name, telemetry, metrics = 'beside', metricsText = telemetry.metricsText } = options;
  const inFlight = createInFlight();
  let stopping: Promise<void> | undefined;
  let isGraceful = false;
  let isReplaced = false;
  const isStopping = () => stopping !== undefined;
  const health = createHealth({
    telemetry,
    checks: options.checks ?? {},
    isStopping: () => isStopping() && !isReplaced,
    metricsText: metrics === 'beside' ? metricsText : undefined,
  });

  const server = createServer(CONNECTION_LIMITS, (request, response) => {
    inFlight.began(request, response);
    if (isStopping()) response.setHeader('connection', 'close');
    // An answer that had begun before the stop keeps its connection open; it is idle after it.
    response.once('close', () => isStopping() && !isGraceful && setImmediate(() => server.closeIdleConnections()));
    void answer(request, response, options, health);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(error, socket as Socket, inFlight));
  const open = trackOpen(server);
  const { url, port } = await listen(server, options);
  const own =
    typeof metrics === 'object'
      ? await ownMetrics(server, { ...metrics, name, telemetry, text: metricsText })
      : undefined;
  return {
    name,
    telemetry,
    url,
    port,
    metricsUrl: metrics === 'beside' ? `${url}/metrics` : own?.url,
    get isStopping() {
      return isStopping();
    },
    failing: () => health.failing(),
    take: (socket) => {
      server.emit('connection', socket);
      socket.resume();
    },
    stop: ({ idleGraceMs = 0, staysReady = false } = {}) => {
      isReplaced ||= staysReady && stopping === undefined;
      isGraceful ||= idleGraceMs > 0;
      stopping ??= Promise.resolve().then(async () => {
        const cutOff = await drain(server, { inFlight, open }, { ...(options.drain ?? DRAIN), idleGraceMs });
        if (cutOff > 0) telemetry.log.warn({ requests: cutOff }, 'Requests were cut off by the stop.');
        await own?.stop();
        await options.onStop?.();
      });
      return stopping;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ServiceOptions,
  health: Health,
): Promise<void> {
  const { url = '/' } = request;
  const query = url.indexOf('?');
  try {
    if (await health.answer(query === -1 ? url : url.slice(0, query), request, response)) return;
    await options.handler(request, response);
  } catch (error) {
    sendError(response, error, options.telemetry);
  }
}

/** What the HTTP parser refuses. A client that never sees the reason would send the same again. */
function refuse(error: NodeJS.ErrnoException, socket: Socket, inFlight: InFlight): void {
  if (error.code === 'ECONNRESET' || !socket.writable || inFlight.isBusy(socket)) {
    socket.destroy();
    return;
  }
  const codes = { HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE', ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT' } as const;
  const code = codes[error.code as keyof typeof codes] ?? 'BAD_REQUEST';
  socket.end(rawErrorResponse(code), () => socket.destroy());
}

/** A service that cannot show its metrics where it was told to does not start. */
async function ownMetrics(server: Server, options: MetricsServerOptions): Promise<MetricsServer> {
  return await startMetricsServer(options).catch((error: unknown) => {
    server.close();
    throw error;
  });
}
