/** Rows that are of no use once they are old. `column` is a timestamptz; give a table that grows for long an index on it. */
export interface OldRows {
  /** `orders.idempotency` */
  readonly table: string;
  readonly column: string;
  readonly days: number;
  /** More that a row has to be, in SQL. */
  readonly where?: string;
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

/** Jobs that are done: pg-boss alone would keep them as long as those that were given up. No index: the table is about a day long. */
export function doneJobs(jobsSchema: string): OldRows {
  return { table: `${jobsSchema}.job_common`, column: 'completed_on', days: 1, where: "state = 'completed'" };
}
