import { GraphError } from '@weft/errors';
import type { Keyset } from './compile/keyset.ts';
import { encodeCursor } from './cursor.ts';
import type { Page } from './order.ts';

/** A page of the `first` rows; a row beyond them was asked for to know whether there is more. */
export function createPage<Row>(loader: string, keyset: Keyset, rows: readonly Row[], first: number): Page<Row> {
  return {
    rows: rows.length > first ? rows.slice(0, first) : rows,
    hasNextPage: rows.length > first,
    cursorOf: (row) => encodeCursor(loader, keyset.valuesOf(row as Readonly<Record<string, unknown>>)),
  };
}

/** BAD_USER_INPUT unless an integer from 0 to `max`. */
export function checkFirst(first: number, max: number): void {
  if (Number.isInteger(first) && first >= 0 && first <= max) return;
  throw new GraphError('BAD_USER_INPUT', `first must be an integer from 0 to ${max}.`);
}
