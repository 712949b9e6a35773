import { SPANS } from '@weft/telemetry';
import { rowsWhenSeen, seenStatement } from '../compile/seen-statement.ts';
import type { ServerHealth } from '../database.ts';
import type { ShardAddresses } from '../fleet-addresses.ts';
import { createReplicationLag } from './replication-lag.ts';
import type { Limits } from './run-statement.ts';
import type { TransactionQuery } from './run-transaction.ts';
import { type Server, ServerFailure, type ServerKind } from './server.ts';
import { type ShardStatement, type TraceOptions, tracedRun } from './traced-run.ts';
import { type WatchedServer, type WatchOptions, watchServer } from './watched-server.ts';

export interface ShardOptions
  extends TraceOptions,
    Omit<WatchOptions, 'shard' | 'kind' | 'url' | 'lag' | 'isPrimary' | 'onRank' | keyof TraceOptions> {
  readonly addresses: ShardAddresses;
}

export interface ShardAnswer {
  readonly rows: unknown[];
  readonly from: 'primary' | 'replica';
}

/** How new an answer has to be. */
export interface ReadLimits extends Limits {
  readonly primary: boolean;
  /** Transactions (xid8) that the answer must have seen. */
  readonly seen?: readonly string[] | undefined;
}

/**
 * One shard: a primary and its replicas, watched, each statement traced and counted. The fleet file says which server is
 * the primary at the start; when another one of its servers is promoted, that is the primary from the next probe on.
 */
export interface Shard {
  readonly name: string;
  /**
   * On a healthy replica, round robin, or on the primary: when there is none, when it fails, when it has not seen what it
   * should have, when `primary` is asked for.
   * Throws GraphErrors, and errors of Postgres that are bugs as they are.
   */
  read(statement: ShardStatement, limits: ReadLimits): Promise<ShardAnswer>;
  /** On the primary, once. */
  write(statement: ShardStatement, limits: Limits): Promise<unknown[]>;
  transaction<Result>(work: (query: TransactionQuery) => Promise<Result>): Promise<Result>;
  listen(channel: string): void;
  /** The watching connections tell their names anew. */
  rename(): void;
  health(): ServerHealth[];
  /** Of the primary: another one after each promotion. 0 while it is not known. */
  readonly timeline: number;
  stop(): Promise<void>;
}

export function createShard(options: ShardOptions): Shard {
  const { name, primary: primaryUrl, replicas: replicaUrls } = options.addresses;
  const channels = new Set<string>();
  let primary: WatchedServer | undefined;

  /** Whoever has the highest timeline writes. A primary that comes back after another one was promoted has a lower one, for ever. */
  const elect = (): void => {
    const best = members.reduce((one, other) => (other.rank > one.rank ? other : one));
    if (primary === undefined || best.rank <= primary.rank || best === primary) return;
    const addresses = { server: best.server.address, before: primary.server.address };
    options.telemetry.log.warn({ shard: name, ...addresses }, `${name} has a new primary.`);
    // What the one before notified last was not heard; its successor is listened to in a moment.
    options.listener.onDeaf();
    primary = best;
    for (const channel of channels) best.monitor.listen(channel);
  };
  const lag = createReplicationLag();
  const watch = (url: string, kind: ServerKind): WatchedServer => {
    const watched: WatchedServer = watchServer({
      ...options,
      ...{ shard: name, kind, url, lag },
      isPrimary: () => watched === primary,
      onRank: elect,
    });
    return watched;
  };
  const first = watch(primaryUrl, 'primary');
  const members = [first, ...replicaUrls.map((url) => watch(url, 'replica'))];
  primary = first;
  const nextReplica = createRoundRobin(members);
  const current = (): Server => (primary ?? first).server;

  return {
    name,
    async read(statement, limits) {
      const replica = limits.primary ? undefined : nextReplica();
      const answered = replica && (await readOn(options, replica.server, statement, limits));
      if (answered !== undefined) return { rows: answered, from: 'replica' };
      const reading = tracedRun(options, SPANS.databaseStatement, current(), statement, limits);
      return { rows: await reading.catch(throwCause), from: 'primary' };
    },
    write: (statement, limits) =>
      tracedRun(options, SPANS.databaseWrite, current(), statement, limits).catch(throwCause),
    transaction: (work) => current().transaction(work).catch(throwCause),
    listen(channel) {
      channels.add(channel);
      (primary ?? first).monitor.listen(channel);
    },
    rename() {
      for (const { monitor } of members) monitor.rename();
    },
    get timeline() {
      return Math.max(primary?.rank ?? 0, 0);
    },
    health: () => members.map((watched) => watched.health()),
    async stop() {
      await Promise.all(members.map((watched) => watched.stop()));
    },
  };
}

/** Undefined when another server has to answer: this one failed, or has not seen what it should have. */
async function readOn(
  options: TraceOptions,
  replica: Server,
  statement: ShardStatement,
  limits: ReadLimits,
): Promise<unknown[] | undefined> {
  const { seen = [] } = limits;
  try {
    if (seen.length === 0) return await tracedRun(options, SPANS.databaseStatement, replica, statement, limits);
    const checked = seenStatement(statement, seen);
    return rowsWhenSeen(await tracedRun(options, SPANS.databaseStatement, replica, checked, limits));
  } catch (error) {
    if (error instanceof ServerFailure && error.verdict !== 'well') return undefined;
    throw causeOf(error);
  }
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
