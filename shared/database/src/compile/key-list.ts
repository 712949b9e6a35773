import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Route } from '../route.ts';
import { Placeholder } from './statement.ts';

/** The keys of one batch on one shard. Restrict the access key by it: `where('id', '=', keys.any())`. */
export interface KeyList {
  any(): RawBuilder<string>;
}

/** The parent that a top statement is run for, once per parent inside one statement: `where('product_id', '=', parent.key())`. */
export interface ParentKey {
  key(): Expression<string>;
}

/** The row set of the parents inside a top statement: unlikely to be an owner's alias. */
export const ASKER = 'weft_asker';

export const KEYS = new Placeholder('keys');

export function createKeyList(route: Route): KeyList {
  return { any: () => sql<string>`any(${KEYS}::${sql.raw(route.sqlType)}[])` };
}
