import type { Admin } from './admin.ts';

/** Jobs of pg-boss that are still to be done. */
const UNDONE = `state::text in ('created', 'retry', 'active')`;
/** Given up, and kept for `weft jobs retry`. One with a dead letter of its own lives on in that. */
const GIVEN_UP = `state::text = 'failed' and dead_letter is null`;

export interface Queued {
  readonly all: number;
  /** Of them jobs that were given up: a person has to retry or drop them. */
  readonly givenUp: number;
}

/**
 * Events and jobs that wait on a shard and name an id of these buckets. They are worked on where they lie, so a bucket
 * whose rows have gone would be changed by nobody: they have to be done first. That holds for jobs that were given up
 * too: retried after the move they would run where the rows were.
 */
export async function queuedAbout(source: Admin, buckets: readonly number[]): Promise<Queued> {
  const tables = await source.query<{ text: string }>(`
    select format('select payload::text as said, false as given_up from %I.outbox', table_schema) as text
      from information_schema.tables where table_name = 'outbox' and table_type = 'BASE TABLE'
    union all
    select format('select data::text, ${quoted(GIVEN_UP)} from %I.job where ${quoted(UNDONE)} or ${quoted(GIVEN_UP)}', table_schema)
      from information_schema.tables where table_name = 'job' and table_schema like '%\\_jobs'`);
  if (tables.length === 0) return { all: 0, givenUp: 0 };
  const [found] = await source.query<{ all: number; givenUp: number }>(
    `select count(*)::int4 as all, count(*) filter (where given_up)::int4 as "givenUp" from (${tables.map(({ text }) => text).join(' union all ')}) as waiting
     where exists (select from regexp_matches(said, '\\m[0-9]{9,19}\\M', 'g') as id
       where id[1]::numeric < 9223372036854775808 and weft.bucket_of_id(id[1]::numeric::bigint) = any($1::integer[]))`,
    [buckets],
  );
  return found ?? { all: 0, givenUp: 0 };
}

/** As part of a text of SQL. */
const quoted = (sql: string): string => sql.replaceAll("'", "''");
