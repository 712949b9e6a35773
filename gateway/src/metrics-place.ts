import type { MetricsPlace } from '@weft/service';
import type { GatewayConfig } from './config/index.ts';

/** What metrics tell of clients and subgraphs is nobody's business in production, unless somebody said where to show it. */
export function metricsPlace({ http, mode, telemetry: { metrics } }: GatewayConfig): MetricsPlace {
  const { host, port } = metrics;
  if (port !== undefined && (port === 0 || port !== http.port)) return { host, port };
  return port !== undefined || mode === 'development' ? 'beside' : 'nowhere';
}
