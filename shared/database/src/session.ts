import type { Compilable, Kysely } from 'kysely';
import type { ListLoader, Reference, RowLoader, Scatter, TopLoader } from './loaders.ts';
import type { Page, PageRequest } from './order.ts';
import type { WriteToken } from './write-token.ts';

/** Where a statement goes: to the shard of a bucket, of an id, or of a natural key. */
export type Place = { readonly bucket: number } | { readonly id: string } | { readonly text: string };

/** An event that is stored with the rows, for the relay. */
export interface OutboxEvent {
  readonly topic: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Write<T, Row> {
  readonly at: Place;
  /** In spans and metrics: `addReview`. */
  readonly name: string;
  /**
   * One statement; several tables by data-modifying CTEs (`db.with('review', ...)`). It is called again, for a new id,
   * when the first try met a taken primary key and `retryOnTakenId` is set.
   */
  readonly statement: (db: Kysely<T>) => Compilable<Row>;
  /** Stored in the same statement, and only when the statement gave a row. */
  readonly events?: readonly OutboxEvent[];
  /** Tags (`Product:7`) of what changed: dropped from every process's cache with the commit. */
  readonly invalidates?: readonly string[];
  readonly retryOnTakenId?: boolean;
}

export interface ShardRead<T, Row> {
  readonly at: Place;
  readonly name: string;
  readonly statement: (db: Kysely<T>) => Compilable<Row>;
  /** `primary` when the answer decides a write. Else a replica where one is healthy. */
  readonly from?: 'primary' | 'replica';
}

export interface SessionOptions {
  /** Its reason is what the loads fail with; running statements are cancelled. */
  readonly signal?: AbortSignal | undefined;
  /** A moment (ms since 1970): no statement runs longer. DEADLINE_EXCEEDED after it. */
  readonly deadline?: number | undefined;
  /** Of earlier writes of the caller, which this request has to see. */
  readonly tokens?: readonly WriteToken[] | undefined;
}

/**
 * The database as one request sees it: loads of the same tick are one batch, equal keys are one load, and after a write
 * the shard written to is read from its primary. Failures are GraphErrors: SHARD_UNAVAILABLE, DATABASE_BUSY,
 * DEADLINE_EXCEEDED, BAD_USER_INPUT (a malformed key or cursor).
 */
export interface DatabaseSession<T> {
  /** The row of a key; null when there is none. */
  load<Row>(loader: RowLoader<T, Row>, key: string): Promise<Row | null>;
  /** In the order of the keys; a key that failed is its error, which graphql-js puts at that item. */
  loadMany<Row>(loader: RowLoader<T, Row>, keys: readonly string[]): Promise<(Row | null | Error)[]>;
  /** Every row of the parent. */
  list<Row>(loader: ListLoader<T, Row>, parent: string): Promise<readonly Row[]>;
  top<Row>(loader: TopLoader<T, Row>, request: PageRequest & { readonly parent: string }): Promise<Page<Row>>;
  /** One page over all shards. When a shard is down this fails with SHARD_UNAVAILABLE: a page without its rows would be wrong data. */
  scatter<Args, Row>(scatter: Scatter<T, Args, Row>, args: Args, request: PageRequest): Promise<Page<Row>>;
  reference<Row>(reference: Reference<T, Row>): Promise<readonly Row[]>;
  /** Makes a row that was read otherwise (a scatter, a list) the answer to later loads of its key. */
  prime<Row>(loader: RowLoader<T, Row>, row: Row): void;
  /** An escape hatch: one statement on one shard, not batched. */
  read<Row>(read: ShardRead<T, Row>): Promise<Row[]>;
  /** Of what this session wrote, the newest a shard. */
  tokens(): readonly WriteToken[];
  /** One statement on the primary. Throws ConstraintError when a constraint refused it. */
  write<Row>(write: Write<T, Row>): Promise<Row[]>;
}
