import { messageOf } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import type { ServerHealth } from '../database.ts';
import type { DatabaseMetrics } from '../database-metrics.ts';
import { type Credentials, clientSettings } from './client-settings.ts';
import { NoAnswer } from './failure.ts';
import type { ReplicationLag } from './replication-lag.ts';
import { createServer, type Server } from './server.ts';
import { type MonitorEvents, type Probe, type ServerMonitor, startServerMonitor } from './server-monitor.ts';

export interface WatchOptions {
  readonly shard: string;
  readonly kind: 'primary' | 'replica';
  readonly url: string;
  readonly credentials: Credentials;
  readonly applicationName: string;
  readonly statementTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxLagMs: number;
  readonly probeEveryMs: number;
  readonly telemetry: Telemetry;
  readonly metrics: DatabaseMetrics;
  /** Of the shard: the primary's positions go in, the replica's lag comes out. */
  readonly lag: ReplicationLag;
  readonly listener: Pick<MonitorEvents, 'onListening' | 'onDeaf' | 'onNotification'>;
}

/** A server and what its monitor knows of it. */
export interface WatchedServer {
  readonly server: Server;
  readonly monitor: ServerMonitor;
  /** A replica that answers, follows a primary, lags within the bound, and did not fail a moment ago. */
  readonly isHealthyReplica: boolean;
  health(): ServerHealth;
  stop(): Promise<void>;
}

export function watchServer(options: WatchOptions): WatchedServer {
  const { shard, kind, url, metrics, telemetry, lag, maxLagMs } = options;
  const isPrimary = kind === 'primary';
  const server = createServer({
    ...options,
    onWaiting: (waiting) => metrics.poolWaiting.set({ shard, server: kind }, waiting),
  });
  let inRecovery = false;
  let lagMs: number | undefined;

  const onProbe = (probe: Probe): void => {
    if (!server.reachable) server.breaker.succeeded();
    server.reachable = true;
    inRecovery = probe.inRecovery;
    if (isPrimary) {
      lag.sample(probe.position, probe.askedAt);
      metrics.shardUp.set({ shard }, 1);
      return;
    }
    lagMs = lag.lagMs(probe.position, probe.askedAt);
    if (lagMs !== undefined) metrics.replicaLagSeconds.set({ shard, server: server.address }, lagMs / 1_000);
  };
  const onDown = (error: unknown): void => {
    lagMs = undefined;
    server.isDown(error);
    if (isPrimary) metrics.shardUp.set({ shard }, 0);
    // Reads that wait for a replica can go to the primary; those of the primary have nowhere to go and end by themselves.
    else server.abandon(new NoAnswer(messageOf(error)));
    telemetry.log.warn({ error, shard, server: server.address }, `The ${kind} of ${shard} does not answer.`);
  };
  const settings = clientSettings({ ...options, url, name: `${options.applicationName}-watch` });
  const monitor = startServerMonitor(settings, options.probeEveryMs, { ...options.listener, onProbe, onDown });

  return {
    server,
    monitor,
    get isHealthyReplica() {
      return server.reachable && inRecovery && lagMs !== undefined && lagMs <= maxLagMs && server.breaker.mayAdmit;
    },
    health: () => ({
      shard,
      server: server.address,
      kind,
      up: server.reachable && !server.breaker.isOpen,
      ...(!isPrimary && { lagMs }),
    }),
    async stop() {
      await Promise.all([monitor.stop(), server.stop()]);
    },
  };
}
