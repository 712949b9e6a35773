/** Rows that are of no use once they are old. `column` is a timestamptz with an index of its own. */
export interface OldRows {
  /** `orders.idempotency` */
  readonly table: string;
  readonly column: string;
  readonly days: number;
}

/**
 * How long a mark of the inbox is kept. Longer than anything can come again: a job that was given up is kept for
 * GIVEN_UP_DAYS, and may be tried again until then.
 */
export const INBOX_DAYS = 30;
/** How long a job that was given up waits for somebody to look at it. */
export const GIVEN_UP_DAYS = 14;

/** What every subgraph has. */
export function oldMarks(subgraph: string): OldRows {
  return { table: `${subgraph}.inbox`, column: 'at', days: INBOX_DAYS };
}
