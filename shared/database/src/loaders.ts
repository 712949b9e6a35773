import type { Expression, Kysely } from 'kysely';
import type { KeyList, ParentKey } from './compile/key-list.ts';
import type { SelectStatement } from './compile/statement.ts';
import type { OrderColumn } from './order.ts';
import type { Route } from './route.ts';

/** What a tag does: a row of key `7` under the tag `Product` is refreshed by everything that invalidates `Product:7`. */
export interface RowCache {
  readonly tag: string;
  readonly ttlMs: number;
}

export interface RowLoaderOptions<T, Row> {
  /** `productById`: unique in the subgraph; in spans, metrics and cache keys. */
  readonly name: string;
  readonly route: Route;
  /** Must restrict its access key by `= keys.any()`. Runs once: only the keys change. */
  readonly statement: (db: Kysely<T>, keys: KeyList) => SelectStatement<Row>;
  /** The key that a row answers, as text. */
  readonly keyOf: (row: Row) => string;
  /** Rows by key in the process and in Redis, where the database was given a cache. */
  readonly cache?: RowCache;
}
/** One row a key, or null. */
export interface RowLoader<T, Row> extends RowLoaderOptions<T, Row> {
  readonly kind: 'row';
}

export interface ListLoaderOptions<T, Row> {
  readonly name: string;
  readonly route: Route;
  readonly statement: (db: Kysely<T>, keys: KeyList) => SelectStatement<Row>;
  readonly parentOf: (row: Row) => string;
  /** More rows than this for one parent is a bug of the owner: that parent fails, the others do not. */
  readonly max: number;
  /** After `Product:7` is invalidated, the list of parent 7 is read from the primary for a while. */
  readonly tag?: string;
}
/** All rows of a parent, in the order of the statement. For lists that cannot grow; else a top loader. */
export interface ListLoader<T, Row> extends ListLoaderOptions<T, Row> {
  readonly kind: 'list';
}

export interface TopLoaderOptions<T, Row> {
  readonly name: string;
  readonly route: Route;
  /** The last column is unique (the id). */
  readonly orderBy: readonly OrderColumn[];
  /** Restricts by `where(<parent column>, '=', parent.key())`; order, keyset and limit are added. */
  readonly statement: (db: Kysely<T>, parent: ParentKey) => SelectStatement<Row>;
  readonly max: number;
  readonly tag?: string;
}
/** The first N of each parent by keyset, all parents of a shard by one lateral statement. */
export interface TopLoader<T, Row> extends TopLoaderOptions<T, Row> {
  readonly kind: 'top';
}

/** The arguments of a scatter, as parameters. One that the caller left out is undefined here, so the statement can do without. */
export type ArgumentParameters<Args> = {
  readonly [Name in keyof Args]: null extends Args[Name]
    ? Expression<NonNullable<Args[Name]>> | undefined
    : undefined extends Args[Name]
      ? Expression<NonNullable<Args[Name]>> | undefined
      : Expression<Args[Name]>;
};

export interface ScatterOptions<T, Args, Row> {
  readonly name: string;
  readonly orderBy: readonly OrderColumn[];
  /** Runs once for each set of given arguments. Order, keyset and limit are added. */
  readonly statement: (db: Kysely<T>, args: ArgumentParameters<Args>) => SelectStatement<Row>;
  readonly max: number;
  /** Arguments for EXPLAIN, one entry a shape worth looking at. */
  readonly examples: readonly Args[];
}
/** The declared exception: one keyset page merged over all shards. */
export interface Scatter<T, Args, Row> extends ScatterOptions<T, Args, Row> {
  readonly kind: 'scatter';
}

export interface ReferenceOptions<T, Row> {
  readonly name: string;
  /** The whole table, bounded by nature: it is on every shard. */
  readonly statement: (db: Kysely<T>) => SelectStatement<Row>;
  readonly ttlMs: number;
}
/** A small table that is equal on every shard, read whole from any one and kept in the process. */
export interface Reference<T, Row> extends ReferenceOptions<T, Row> {
  readonly kind: 'reference';
}

/** Any declaration, whatever its tables and rows: for lists that are looked at, not loaded from. */
export interface AnyLoader {
  readonly kind: 'row' | 'list' | 'top' | 'scatter' | 'reference';
  readonly name: string;
}

/** Curried so that the tables are named and the row is inferred: `defineRowLoader<Tables>()({ ... })`. Pure; nothing is read. */
export function defineRowLoader<T>() {
  return <Row>(options: RowLoaderOptions<T, Row>): RowLoader<T, Row> => ({ kind: 'row', ...options });
}

export function defineListLoader<T>() {
  return <Row>(options: ListLoaderOptions<T, Row>): ListLoader<T, Row> => ({ kind: 'list', ...options });
}

export function defineTopLoader<T>() {
  return <Row>(options: TopLoaderOptions<T, Row>): TopLoader<T, Row> => ({ kind: 'top', ...options });
}

export function defineScatter<T, Args>() {
  return <Row>(options: ScatterOptions<T, Args, Row>): Scatter<T, Args, Row> => ({ kind: 'scatter', ...options });
}

export function defineReference<T>() {
  return <Row>(options: ReferenceOptions<T, Row>): Reference<T, Row> => ({ kind: 'reference', ...options });
}
