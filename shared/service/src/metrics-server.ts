import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { GraphError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { CONNECTION_LIMITS } from './connection-limits.ts';
import { listen } from './listen.ts';
import { sendError } from './send-error.ts';

export interface MetricsServerOptions {
  /** Of the service, for messages. */
  readonly name: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly telemetry: Telemetry;
  /** Prometheus' text format. */
  readonly text: () => Promise<string>;
}

export interface MetricsServer {
  /** "http://127.0.0.1:9464/metrics" */
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves /metrics and nothing else, where clients do not come. Throws UserError for a port that is in use. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { telemetry } = options;
  const server = createServer(CONNECTION_LIMITS, (request, response) => void answer(request, response, options));
  const { url } = await listen(server, { ...options, name: `${options.name} (metrics)` });
  return {
    url: `${url}/metrics`,
    async stop() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      telemetry.log.debug('Metrics are served no more.');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: MetricsServerOptions) {
  const { telemetry, text } = options;
  try {
    if (request.url !== '/metrics') throw new GraphError('NOT_FOUND', 'Only /metrics is served here.');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      throw new GraphError('METHOD_NOT_ALLOWED', 'Only GET is served here.');
    }
    sendMetrics(response, await text());
  } catch (error) {
    sendError(response, error, telemetry);
  }
}

export function sendMetrics(response: ServerResponse, text: string): void {
  response.writeHead(200, {
    'content-type': 'text/plain; version=0.0.4',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}
