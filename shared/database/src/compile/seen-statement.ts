import type { Run } from '../server/run-statement.ts';
import { statementName } from './statement.ts';

const wrapped = new Map<string, string>();
/** Statements built by owners at each call are not bounded in number. */
const MOST_WRAPPED = 1_000;

/**
 * The statement and, in the same snapshot, whether these transactions can be seen in it; where they cannot, it is not
 * run. Postgres' documentation, "Transaction ID and Snapshot Information Functions".
 */
export function seenStatement<Statement extends Run>(statement: Statement, xids: readonly string[]): Statement {
  const { name, sql, parameters } = statement;
  const text = wrap(sql, parameters.length + 1);
  return {
    ...statement,
    name: name === undefined ? undefined : statementName(text),
    sql: text,
    parameters: [...parameters, `{${xids.join(',')}}`],
  };
}

function wrap(sql: string, parameter: number): string {
  let text = wrapped.get(sql);
  if (text === undefined) {
    text =
      `select weft_rows.*, weft_seen.weft_seen from (select coalesce(bool_and(pg_visible_in_snapshot(xid, pg_current_snapshot())), true) as weft_seen from unnest($${parameter}::xid8[]) as xid) as weft_seen ` +
      `left join lateral (select true as weft_row, weft_read.* from (${sql}) as weft_read) as weft_rows on weft_seen.weft_seen`;
    if (wrapped.size < MOST_WRAPPED) wrapped.set(sql, text);
  }
  return text;
}

/** The rows of the statement itself; undefined when the transactions were not visible. */
export function rowsWhenSeen(rows: readonly unknown[]): unknown[] | undefined {
  const [first] = rows as readonly { readonly weft_seen: boolean; readonly weft_row: boolean | null }[];
  if (first?.weft_seen !== true) return undefined;
  if (first.weft_row === null) return [];
  return rows.map((row) => {
    const { weft_seen: _seen, weft_row: _row, ...own } = row as Record<string, unknown>;
    return own;
  });
}
