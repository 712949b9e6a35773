import type { Admin } from './admin.ts';

/** States of pg-boss in which a job has still to be done. */
const UNDONE = `('created', 'retry', 'active')`;

/**
 * Events and jobs that wait on a shard and name an id of these buckets. They are worked on where they lie, so a bucket
 * whose rows have gone would be changed by nobody: they have to be done first.
 */
export async function queuedAbout(source: Admin, buckets: readonly number[]): Promise<number> {
  const tables = await source.query<{ text: string }>(`
    select format('select payload::text as said from %I.outbox', table_schema) as text
      from information_schema.tables where table_name = 'outbox' and table_type = 'BASE TABLE'
    union all
    select format('select data::text from %I.job where state::text in ${UNDONE.replaceAll("'", "''")}', table_schema)
      from information_schema.tables where table_name = 'job' and table_schema like '%\\_jobs'`);
  if (tables.length === 0) return 0;
  const [found] = await source.query<{ queued: number }>(
    `select count(*)::int4 as queued from (${tables.map(({ text }) => text).join(' union all ')}) as waiting
     where exists (select from regexp_matches(said, '\\m[0-9]{9,19}\\M', 'g') as id
       where id[1]::numeric < 9223372036854775808 and weft.bucket_of_id(id[1]::numeric::bigint) = any($1::integer[]))`,
    [buckets],
  );
  return found?.queued ?? 0;
}
