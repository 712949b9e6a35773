import { messageOf } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import type { ServerHealth } from '../database.ts';
import type { DatabaseMetrics } from '../database-metrics.ts';
import { type Credentials, clientSettings } from './client-settings.ts';
import { NoAnswer } from './failure.ts';
import type { ReplicationLag } from './replication-lag.ts';
import { createServer, type Server, type ServerKind } from './server.ts';
import { type MonitorEvents, type Probe, type ServerMonitor, startServerMonitor } from './server-monitor.ts';

export interface WatchOptions {
  readonly shard: string;
  /** As the fleet file has it. */
  readonly kind: ServerKind;
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
  /** Whether this is the server that writes go to. */
  readonly isPrimary: () => boolean;
  /** The rank may be another one now. */
  readonly onRank: () => void;
  /** What the watching connection tells of this process: the shard map that it goes by. */
  readonly watchName: () => string;
  /** Hears the primary. */
  readonly listener: Pick<MonitorEvents, 'onListening' | 'onDeaf' | 'onNotification'>;
}

/** A server and what its monitor knows of it. */
export interface WatchedServer {
  readonly server: Server;
  readonly monitor: ServerMonitor;
  /** Among servers of a shard the primary is the one with the highest: a primary's timeline, 0 until it is known, -1 for a replica. */
  readonly rank: number;
  /** A replica that answers, lags within the bound, and did not fail a moment ago. */
  readonly isHealthyReplica: boolean;
  health(): ServerHealth;
  stop(): Promise<void>;
}

export function watchServer(options: WatchOptions): WatchedServer {
  const { shard, url, metrics, telemetry, isPrimary } = options;
  const server = createServer({
    ...options,
    onWaiting: (waiting, kind) => metrics.poolWaiting.set({ shard, server: kind }, waiting),
  });
  const replica = watchReplica(options, server.address);
  let rank = server.kind === 'primary' ? 0 : -1;

  const onProbe = (probe: Probe): void => {
    if (!server.reachable) server.breaker.succeeded();
    server.reachable = true;
    server.kind = probe.inRecovery ? 'replica' : 'primary';
    rank = probe.timeline ?? -1;
    options.onRank();
    if (isPrimary()) {
      options.lag.sample(probe.position, probe.askedAt);
      metrics.shardUp.set({ shard }, 1);
    }
    if (probe.inRecovery) replica.seen(probe);
    else replica.forget();
  };
  const onDown = (error: unknown): void => {
    replica.forget();
    server.isDown(error);
    if (isPrimary()) metrics.shardUp.set({ shard }, 0);
    // Reads that wait for a replica can go to the primary; those of the primary have nowhere to go and end by themselves.
    else server.abandon(new NoAnswer(messageOf(error)));
    telemetry.log.warn({ error, shard, server: server.address }, `The ${server.kind} of ${shard} does not answer.`);
  };
  const settings = clientSettings({ ...options, url, name: options.watchName() });
  const monitor = startServerMonitor(
    settings,
    options.probeEveryMs,
    { onProbe, onDown, ...heardWhile(isPrimary, options.listener) },
    options.watchName,
  );

  return {
    server,
    monitor,
    get rank() {
      return rank;
    },
    get isHealthyReplica() {
      return server.reachable && replica.isCloseEnough && server.breaker.mayAdmit;
    },
    health: () => ({
      shard,
      server: server.address,
      kind: server.kind,
      up: server.reachable && !server.breaker.isOpen,
      ...(server.kind === 'replica' && { lagMs: replica.lagMs }),
    }),
    async stop() {
      await Promise.all([monitor.stop(), server.stop()]);
    },
  };
}

/** What is heard from a server that is no longer the primary is nobody's. */
function heardWhile(isPrimary: () => boolean, listener: WatchOptions['listener']): WatchOptions['listener'] {
  return {
    onListening: (channel) => isPrimary() && listener.onListening(channel),
    onDeaf: () => isPrimary() && listener.onDeaf(),
    onNotification: (channel, payload) => isPrimary() && listener.onNotification(channel, payload),
  };
}

/** How far a server is behind, while it is a replica that answers. */
function watchReplica({ shard, lag, maxLagMs, metrics }: WatchOptions, address: string) {
  const labels = { shard, server: address };
  let lagMs: number | undefined;
  return {
    get lagMs() {
      return lagMs;
    },
    get isCloseEnough() {
      return lagMs !== undefined && lagMs <= maxLagMs;
    },
    seen(probe: Probe): void {
      lagMs = lag.lagMs(probe.position, probe.askedAt);
      if (lagMs !== undefined) metrics.replicaLagSeconds.set(labels, lagMs / 1_000);
    },
    /** It does not answer, or is a primary now: the last lag would be told for ever. */
    forget(): void {
      lagMs = undefined;
      metrics.replicaLagSeconds.remove(labels);
    },
  };
}
