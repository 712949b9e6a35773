import { readFileSync } from 'node:fs';
import { messageOf, UserError } from '@weft/errors';
import { parse } from 'yaml';
import { z } from 'zod';

/** A table whose rows lie by bucket, and the column that says which: an id, or a natural key. It is part of the primary key. */
export interface ShardedTable {
  /** `reviews.review` */
  readonly table: string;
  readonly column: string;
  readonly kind: 'id' | 'text';
}

export interface ShardedTables {
  readonly tables: readonly ShardedTable[];
  /** Equal on every shard. */
  readonly reference: readonly string[];
}

const name = z.string().regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'must be schema.table');
const column = z.string().regex(/^[a-z][a-z0-9_]*$/);
const tablesFile = z.strictObject({
  tables: z.record(name, z.union([z.strictObject({ id: column }), z.strictObject({ text: column })])),
  reference: z.array(name).default([]),
});

/** Reads by which column each table finds its bucket. UserError (CONFIG_INVALID) names the file and what is wrong. */
export function readShardedTables(file: string): ShardedTables {
  let read: unknown;
  try {
    read = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${file}: ${messageOf(error)}`, { code: 'CONFIG_INVALID' });
  }
  const result = tablesFile.safeParse(read);
  if (!result.success) throw new UserError(`${file}: ${z.prettifyError(result.error)}`, { code: 'CONFIG_INVALID' });
  const tables = Object.entries(result.data.tables).map(([table, key]) =>
    'id' in key
      ? ({ table, column: key.id, kind: 'id' } as const)
      : ({ table, column: key.text, kind: 'text' } as const),
  );
  return { tables, reference: result.data.reference };
}
