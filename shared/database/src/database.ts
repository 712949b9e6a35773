import type { Cache } from '@weft/cache';
import type { Telemetry } from '@weft/telemetry';
import type { Compilable, Kysely } from 'kysely';
import type { FleetAddresses } from './fleet-addresses.ts';
import type { AnyLoader } from './loaders.ts';
import type { Migration } from './migrations/migration.ts';
import type { DatabaseSession, OutboxEvent, Place, SessionOptions } from './session.ts';
import type { ShardMap } from './shard-map.ts';

/** One statement that ran, for tests and `weft explain`. */
export interface StatementRecord {
  readonly shard: string;
  readonly server: 'primary' | 'replica';
  /** The loader, scatter, reference, read or write that it belongs to. */
  readonly loader: string;
  readonly sql: string;
  readonly parameters: readonly unknown[];
  readonly rows: number;
  readonly ms: number;
}

export interface DatabaseOptions {
  readonly subgraph: string;
  readonly addresses: FleetAddresses;
  readonly shardMap: ShardMap;
  readonly role: string;
  readonly password: string;
  readonly telemetry: Telemetry;
  /** What `check()` holds the shards' ledgers against. */
  readonly migrations?: readonly Migration[];
  /** Every declaration: they are linted at once, and a worker knows the cached rows of loaders it never uses. */
  readonly loaders?: readonly AnyLoader[];
  readonly cache?: Cache;
  readonly statementTimeoutMs?: number;
  /** Connections to one server from this process. */
  readonly maxConnections?: number;
  readonly maxLagMs?: number;
  readonly onStatement?: (statement: StatementRecord) => void;
}

/** A transaction on one primary, for the relay and the jobs. Requests write by `session.write`, in one statement. */
export interface ShardTransaction<T> {
  readonly shard: string;
  /** Builds statements; run them by `execute`. */
  readonly db: Kysely<T>;
  execute<Row>(statement: Compilable<Row>): Promise<Row[]>;
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Stores events for the relay of this subgraph, with the commit. */
  emit(events: readonly OutboxEvent[]): Promise<void>;
  /** With the commit, drops what carries these tags from the caches of every process. */
  invalidate(tags: readonly string[]): Promise<void>;
}

export interface ChannelListener {
  onNotification(shard: string, payload: string): void;
  /** The channel is listened to on this shard from now on; what was notified before is not told. */
  onListening?(shard: string): void;
}

export interface ServerHealth {
  readonly shard: string;
  readonly server: string;
  readonly kind: 'primary' | 'replica';
  readonly up: boolean;
  /** Replicas: how long ago the primary had written what the replica lacks; 0 when it lacks nothing, undefined when not known. */
  readonly lagMs?: number | undefined;
}

export interface Database<T> {
  readonly subgraph: string;
  /** In the order of the shard map. */
  readonly shards: readonly string[];
  shardOf(place: Place): string;
  /** Once per request. */
  begin(options?: SessionOptions): DatabaseSession<T>;
  /**
   * Whether this code can serve these shards: ledger, shard map version and name of each. Throws one UserError that lists
   * the shards that it cannot serve and the migrations they lack; its code is SHARD_UNAVAILABLE when all that is wrong is
   * that some of them do not answer.
   */
  check(): Promise<void>;
  health(): readonly ServerHealth[];
  transaction<Result>(shard: string, work: (tx: ShardTransaction<T>) => Promise<Result>): Promise<Result>;
  /** One statement on the shard's primary, as text. */
  query<Row = Record<string, unknown>>(shard: string, sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** LISTEN on the primary of every shard; reconnects by itself. Returns what ends it. */
  listen(channel: string, listener: ChannelListener): () => void;
  /** Called with the tags that any process of the subgraph invalidated. */
  onInvalidate(listener: (tags: readonly string[]) => void): () => void;
  stop(): Promise<void>;
}
