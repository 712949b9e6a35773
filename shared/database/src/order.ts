/** A column that pages are ordered by. It must be selected, never null, and the last one must be unique: the id. */
export interface OrderColumn {
  readonly column: string;
  /** Text is not here: collations differ between Postgres and this process, so a merge over shards would be wrong. */
  readonly type: 'bigint' | 'integer' | 'smallint' | 'timestamptz';
  /** All columns of one order go the same way, so that one index serves it. */
  readonly direction: 'asc' | 'desc';
}

/** One page by keyset. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  /** The opaque cursor after which the row's successors come. */
  cursorOf(row: Row): string;
}

export interface PageRequest {
  /** BAD_USER_INPUT unless an integer from 0 to the loader's max. */
  readonly first: number;
  /** A cursor of the same loader, else BAD_USER_INPUT. */
  readonly after?: string | null | undefined;
}
