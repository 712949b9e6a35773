import { type CircuitBreaker, createCircuitBreaker } from './circuit-breaker.ts';
import { type Credentials, clientSettings } from './client-settings.ts';
import { createConnections } from './connections.ts';
import { judge, sqlStateOf, unavailable, type Verdict } from './failure.ts';
import { type Limits, type Run, refuseWhenOver, runStatement } from './run-statement.ts';
import { runTransaction, type TransactionQuery } from './run-transaction.ts';

/** What the server may take beyond its own statement timeout before it counts as hung: its answer has to travel. */
const GRACE_MS = 150;
const BREAKER_OPEN_MS = 500;

export type ServerKind = 'primary' | 'replica';

export interface ServerOptions {
  readonly shard: string;
  /** As the fleet file says; what it is now, its monitor tells. */
  readonly kind: ServerKind;
  readonly url: string;
  readonly credentials: Credentials;
  readonly applicationName: string;
  readonly statementTimeoutMs: number;
  readonly maxConnections: number;
  readonly onWaiting: (waiting: number, kind: ServerKind) => void;
}

/** A statement failed: `cause` is for the caller, `verdict` is about the server. */
export class ServerFailure extends Error {
  override readonly name = 'ServerFailure';
  readonly verdict: Verdict;

  constructor(verdict: Verdict, cause: unknown) {
    super('a statement failed', { cause });
    this.verdict = verdict;
  }
}

/** One Postgres server with its connections: a primary or a replica of a shard. */
export interface Server {
  readonly shard: string;
  /** Set by the monitor: a replica can be promoted. */
  kind: ServerKind;
  /** `host:port`. */
  readonly address: string;
  readonly breaker: CircuitBreaker;
  /** Set by the monitor. Until it knows better, a server may be up. */
  reachable: boolean;
  /** Throws only ServerFailure. */
  run(statement: Run, limits: Limits): Promise<unknown[]>;
  /** Commits when `work` ends, rolls back when it throws. Throws only ServerFailure. */
  transaction<Result>(work: (query: TransactionQuery) => Promise<Result>): Promise<Result>;
  /** The monitor cannot reach it: nothing is sent before it can, or before a trial succeeds. */
  isDown(reason: unknown): void;
  /** Fails what runs now: no answer will come. */
  abandon(reason: Error): void;
  stop(): Promise<void>;
}

export function createServer(options: ServerOptions): Server {
  const { shard } = options;
  const settings = clientSettings({ ...options, name: options.applicationName });
  const running = new Set<(reason: unknown) => void>();
  const connections = createConnections(settings, {
    max: options.maxConnections,
    onWaiting: (waiting) => options.onWaiting(waiting, server.kind),
  });
  const address = { host: settings.host ?? '', port: settings.port ?? 0 };
  const longestMs = options.statementTimeoutMs + GRACE_MS;
  const breaker = createCircuitBreaker({ openMs: BREAKER_OPEN_MS, mayBeUp: () => server.reachable });
  const guard = createGuard(shard, breaker);

  const server: Server = {
    shard,
    kind: options.kind,
    address: `${address.host}:${address.port}`,
    breaker,
    reachable: true,
    async run(statement, limits) {
      try {
        refuseWhenOver(limits);
      } catch (reason) {
        throw new ServerFailure('well', reason);
      }
      return guard.run(() => runStatement({ connections, address, longestMs, running }, statement, limits));
    },
    transaction: (work) => guard.run(() => runTransaction(connections, longestMs, work)),
    isDown(reason) {
      server.reachable = false;
      guard.isDown(reason);
    },
    abandon(reason) {
      for (const leave of [...running]) leave(reason);
    },
    stop: () => connections.stop(),
  };
  return server;
}

/** Lets work pass while the breaker admits it, and tells the breaker what came of it. Throws only ServerFailure. */
function createGuard(shard: string, breaker: CircuitBreaker) {
  /** What is told while the breaker is open. */
  let downBecause: unknown = new Error('circuit open');
  const toFailure = (cause: unknown): ServerFailure => {
    const { verdict, error } = judge(cause, shard);
    if (verdict === 'down') {
      breaker.failed();
      downBecause = cause;
    }
    // The server answered, though not what was hoped for.
    else if (sqlStateOf(cause) !== undefined) breaker.succeeded();
    return new ServerFailure(verdict, error);
  };
  return {
    async run<Result>(work: () => Promise<Result>): Promise<Result> {
      if (!breaker.admits()) throw new ServerFailure('down', unavailable(shard, downBecause));
      try {
        const result = await work();
        breaker.succeeded();
        return result;
      } catch (cause) {
        throw toFailure(cause);
      }
    },
    isDown(reason: unknown): void {
      downBecause = reason;
      breaker.open();
    },
  };
}
