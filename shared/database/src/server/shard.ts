import { isGraphError, messageOf } from '@weft/errors';
import { ATTRIBUTES, SPANS, type Telemetry } from '@weft/telemetry';
import type { ServerHealth, StatementRecord } from '../database.ts';
import type { DatabaseMetrics } from '../database-metrics.ts';
import type { ShardAddresses } from '../fleet-addresses.ts';
import { type Credentials, clientSettings } from './client-settings.ts';
import { NoAnswer } from './failure.ts';
import { createReplicationLag } from './replication-lag.ts';
import type { Limits, Run } from './run-statement.ts';
import type { TransactionQuery } from './run-transaction.ts';
import { createServer, type Server, ServerFailure } from './server.ts';
import { type ServerMonitor, startServerMonitor } from './server-monitor.ts';

export interface ShardOptions {
  readonly addresses: ShardAddresses;
  readonly credentials: Credentials;
  readonly applicationName: string;
  readonly statementTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxLagMs: number;
  readonly probeEveryMs: number;
  readonly telemetry: Telemetry;
  readonly metrics: DatabaseMetrics;
  readonly onStatement: ((statement: StatementRecord) => void) | undefined;
  readonly onListening: (channel: string) => void;
  readonly onDeaf: () => void;
  readonly onNotification: (channel: string, payload: string) => void;
}

export interface ShardStatement extends Run {
  /** What it belongs to, for spans, metrics and records. */
  readonly loader: string;
}

export interface ShardAnswer {
  readonly rows: unknown[];
  readonly from: 'primary' | 'replica';
}

/** One shard: a primary and its replicas, watched, each statement traced and counted. */
export interface Shard {
  readonly name: string;
  /**
   * On a healthy replica, round robin, or on the primary: when there is none, when it fails, when `primary` is asked for.
   * Throws GraphErrors, and errors of Postgres that are bugs as they are.
   */
  read(statement: ShardStatement, limits: Limits & { readonly primary: boolean }): Promise<ShardAnswer>;
  /** On the primary, once. */
  write(statement: ShardStatement, limits: Limits): Promise<unknown[]>;
  transaction<Result>(work: (query: TransactionQuery) => Promise<Result>): Promise<Result>;
  listen(channel: string): void;
  health(): ServerHealth[];
  stop(): Promise<void>;
}

interface Watched {
  readonly server: Server;
  readonly monitor: ServerMonitor;
  /** Undefined while not known. The primary's is 0. */
  lagMs: number | undefined;
  inRecovery: boolean;
}

export function createShard(options: ShardOptions): Shard {
  const { addresses, metrics, telemetry, maxLagMs } = options;
  const { name } = addresses;
  const lag = createReplicationLag();
  let turn = 0;

  const watch = (kind: 'primary' | 'replica', url: string): Watched => {
    const server = createServer({
      ...options,
      shard: name,
      kind,
      url,
      onWaiting: (waiting) => metrics.poolWaiting.set({ shard: name, server: kind }, waiting),
    });
    const isPrimary = kind === 'primary';
    const watched: Watched = {
      server,
      lagMs: undefined,
      inRecovery: false,
      monitor: startServerMonitor(
        clientSettings({ ...options, url, name: `${options.applicationName}-watch` }),
        options.probeEveryMs,
        {
          onProbe({ inRecovery, position, askedAt }) {
            if (!server.reachable) server.breaker.succeeded();
            server.reachable = true;
            watched.inRecovery = inRecovery;
            if (isPrimary) {
              lag.sample(position, askedAt);
              metrics.shardUp.set({ shard: name }, 1);
              return;
            }
            watched.lagMs = lag.lagMs(position, askedAt);
            if (watched.lagMs !== undefined) {
              metrics.replicaLagSeconds.set({ shard: name, server: server.address }, watched.lagMs / 1_000);
            }
          },
          onDown(error) {
            server.reachable = false;
            watched.lagMs = undefined;
            server.breaker.open();
            if (isPrimary) metrics.shardUp.set({ shard: name }, 0);
            // Its reads can still be answered by the primary; the primary's have nowhere to go and end by themselves.
            else server.abandon(new NoAnswer(messageOf(error)));
            telemetry.log.warn(
              { error, shard: name, server: server.address },
              `The ${kind} of ${name} does not answer.`,
            );
          },
          onListening: isPrimary ? options.onListening : () => {},
          onDeaf: isPrimary ? options.onDeaf : () => {},
          onNotification: isPrimary ? options.onNotification : () => {},
        },
      ),
    };
    return watched;
  };
  const primary = watch('primary', addresses.primary);
  const replicas = addresses.replicas.map((url) => watch('replica', url));

  const isHealthy = ({ server, inRecovery, lagMs }: Watched): boolean =>
    server.reachable && inRecovery && lagMs !== undefined && lagMs <= maxLagMs && server.breaker.mayAdmit;

  const nextReplica = (): Server | undefined => {
    for (let step = 0; step < replicas.length; step += 1) {
      const candidate = replicas[(turn + step) % replicas.length];
      if (candidate === undefined || !isHealthy(candidate)) continue;
      turn = (turn + step + 1) % replicas.length;
      return candidate.server;
    }
    return undefined;
  };

  const runOn = (server: Server, statement: ShardStatement, limits: Limits, spanName: string): Promise<unknown[]> =>
    telemetry.span(
      spanName,
      {
        kind: 'client',
        attributes: {
          [ATTRIBUTES.shard]: name,
          [ATTRIBUTES.server]: server.kind,
          [ATTRIBUTES.loader]: statement.loader,
        },
      },
      async (span) => {
        const startedAt = performance.now();
        metrics.statements.add({ shard: name, server: server.kind, loader: statement.loader });
        try {
          const rows = await server.run(statement, limits);
          const ms = performance.now() - startedAt;
          metrics.statementSeconds.observe({ shard: name, server: server.kind }, ms / 1_000);
          if (span.recording)
            span.setAttributes({ [ATTRIBUTES.rows]: rows.length, [ATTRIBUTES.statement]: statement.sql });
          const { loader, sql, parameters } = statement;
          options.onStatement?.({ shard: name, server: server.kind, loader, sql, parameters, rows: rows.length, ms });
          return rows;
        } catch (error) {
          const code = error instanceof ServerFailure && isGraphError(error.cause) ? error.cause.code : 'ERROR';
          metrics.statementErrors.add({ shard: name, code });
          throw error;
        }
      },
    );

  return {
    name,
    async read(statement, limits) {
      const replica = limits.primary ? undefined : nextReplica();
      if (replica !== undefined) {
        try {
          return { rows: await runOn(replica, statement, limits, SPANS.databaseStatement), from: 'replica' };
        } catch (error) {
          if (!(error instanceof ServerFailure) || error.verdict === 'well') throw causeOf(error);
        }
      }
      return {
        rows: await runOn(primary.server, statement, limits, SPANS.databaseStatement).catch(throwCause),
        from: 'primary',
      };
    },
    write: (statement, limits) => runOn(primary.server, statement, limits, SPANS.databaseWrite).catch(throwCause),
    transaction: (work) => primary.server.transaction(work).catch(throwCause),
    listen: (channel) => primary.monitor.listen(channel),
    health: () =>
      [primary, ...replicas].map(({ server, lagMs }) => ({
        shard: name,
        server: server.address,
        kind: server.kind,
        up: server.reachable && !server.breaker.isOpen,
        ...(server.kind === 'replica' && { lagMs }),
      })),
    async stop() {
      await Promise.all(
        [primary, ...replicas].map(({ monitor, server }) => Promise.all([monitor.stop(), server.stop()])),
      );
    },
  };
}

function causeOf(error: unknown): unknown {
  return error instanceof ServerFailure ? error.cause : error;
}

function throwCause(error: unknown): never {
  throw causeOf(error);
}
