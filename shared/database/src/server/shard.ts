import { SPANS } from '@weft/telemetry';
import type { ServerHealth } from '../database.ts';
import type { ShardAddresses } from '../fleet-addresses.ts';
import { createReplicationLag } from './replication-lag.ts';
import type { Limits } from './run-statement.ts';
import type { TransactionQuery } from './run-transaction.ts';
import { ServerFailure } from './server.ts';
import type { MonitorEvents } from './server-monitor.ts';
import { type ShardStatement, type TraceOptions, tracedRun } from './traced-run.ts';
import { type WatchedServer, type WatchOptions, watchServer } from './watched-server.ts';

export interface ShardOptions
  extends TraceOptions,
    Omit<WatchOptions, 'shard' | 'kind' | 'url' | 'lag' | keyof TraceOptions> {
  readonly addresses: ShardAddresses;
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

const NOT_HEARD: Pick<MonitorEvents, 'onListening' | 'onDeaf' | 'onNotification'> = {
  onListening() {},
  onDeaf() {},
  onNotification() {},
};

export function createShard(options: ShardOptions): Shard {
  const { name, primary: primaryUrl, replicas: replicaUrls } = options.addresses;
  const lag = createReplicationLag();
  const primary = watchServer({ ...options, shard: name, kind: 'primary', url: primaryUrl, lag });
  const replicas = replicaUrls.map((url) =>
    watchServer({ ...options, shard: name, kind: 'replica', url, lag, listener: NOT_HEARD }),
  );
  const nextReplica = createRoundRobin(replicas);

  return {
    name,
    async read(statement, limits) {
      const replica = limits.primary ? undefined : nextReplica();
      if (replica !== undefined) {
        try {
          const rows = await tracedRun(options, SPANS.databaseStatement, replica.server, statement, limits);
          return { rows, from: 'replica' };
        } catch (error) {
          if (!(error instanceof ServerFailure) || error.verdict === 'well') throw causeOf(error);
        }
      }
      const reading = tracedRun(options, SPANS.databaseStatement, primary.server, statement, limits);
      return { rows: await reading.catch(throwCause), from: 'primary' };
    },
    write: (statement, limits) =>
      tracedRun(options, SPANS.databaseWrite, primary.server, statement, limits).catch(throwCause),
    transaction: (work) => primary.server.transaction(work).catch(throwCause),
    listen: (channel) => primary.monitor.listen(channel),
    health: () => [primary, ...replicas].map((watched) => watched.health()),
    async stop() {
      await Promise.all([primary, ...replicas].map((watched) => watched.stop()));
    },
  };
}

function createRoundRobin(replicas: readonly WatchedServer[]): () => WatchedServer | undefined {
  let turn = 0;
  return () => {
    for (let step = 0; step < replicas.length; step += 1) {
      const candidate = replicas[(turn + step) % replicas.length];
      if (candidate?.isHealthyReplica !== true) continue;
      turn = (turn + step + 1) % replicas.length;
      return candidate;
    }
    return undefined;
  };
}

function causeOf(error: unknown): unknown {
  return error instanceof ServerFailure ? error.cause : error;
}

function throwCause(error: unknown): never {
  throw causeOf(error);
}
