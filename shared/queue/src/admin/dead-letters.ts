import type { Database } from '@weft/database';
import { unwrapData } from '../jobs/job-data.ts';
import { FAILED } from '../jobs/job-definition.ts';
import { jobsSchemaOf } from '../jobs/jobs-migration.ts';

/** Work that goes no further by itself. */
export interface DeadLetter {
  /** `shard-2/3f0c...` or, for an event, `shard-2/event-17`: what `retry` and `drop` take. */
  readonly id: string;
  readonly kind: 'job' | 'event';
  /** The job, or the topic of the event. */
  readonly name: string;
  /** When it was given up; of an event, which is never given up, when it was written. RFC 3339. */
  readonly at: string;
  readonly tries: number;
  /** Of a job: code and words of its last error. */
  readonly reason: string | undefined;
  readonly data: unknown;
}

export interface DeadLetters {
  /** Of all shards, oldest first; at most 1,000 jobs and 1,000 events of each shard. */
  list(): Promise<DeadLetter[]>;
  /** How many there are on one shard. */
  countOn(shard: string): Promise<number>;
  /** Has it tried again from the start, at once. False when there is no such dead letter any more. */
  retry(id: string): Promise<boolean>;
  /** Deletes it; what it would have done will not be done. False when it is not there any more. */
  drop(id: string): Promise<boolean>;
}

/** An event that has failed so often has been tried for about ten minutes. */
const MANY_TRIES = 12;
const MOST = 1_000;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly tries: number;
  readonly output: { readonly code?: string; readonly message?: string } | null;
  readonly data: unknown;
}

/** What the workers of one subgraph left for a person. A job whose failure is handled by the subgraph itself is none. */
export function openDeadLetters<T>(database: Database<T>): DeadLetters {
  const { subgraph, shards } = database;
  const jobs = `${jobsSchemaOf(subgraph)}.job`;
  const outbox = `${subgraph}.outbox`;
  const hasJobs = new Map<string, boolean>();

  async function jobsOn(shard: string): Promise<boolean> {
    const known = hasJobs.get(shard);
    if (known !== undefined) return known;
    const [row] = await database.query<{ there: boolean }>(shard, 'select to_regclass($1) is not null as there', [
      jobs,
    ]);
    hasJobs.set(shard, row?.there === true);
    return row?.there === true;
  }

  async function listOn(shard: string): Promise<DeadLetter[]> {
    const rows = (await jobsOn(shard))
      ? await database.query<Row>(
          shard,
          `select id::text, name, to_json(completed_on)#>>'{}' as at, retry_count + 1 as tries, output, data from ${jobs}
           where state = 'failed' and dead_letter is null order by completed_on limit ${MOST}`,
        )
      : [];
    const events = await database.query<Row>(
      shard,
      `select id::text, topic as name, to_json(created_at)#>>'{}' as at, attempts as tries, null as output, payload as data
       from ${outbox} where attempts >= $1 order by id limit ${MOST}`,
      [MANY_TRIES],
    );
    return [
      ...rows.map((row) => toDeadLetter(row, 'job', `${shard}/${row.id}`)),
      ...events.map((row) => toDeadLetter(row, 'event', `${shard}/event-${row.id}`)),
    ];
  }

  /** Runs one statement where the id points to; it gives a row for what it touched. */
  async function touch(id: string, sql: { readonly job: string; readonly event: string }): Promise<boolean> {
    const { shard, job, event } = parseId(id, shards) ?? {};
    if (shard === undefined || (job !== undefined && !(await jobsOn(shard)))) return false;
    const rows = await database.query(shard, job === undefined ? sql.event : sql.job, [job ?? event]);
    return rows.length > 0;
  }

  return {
    async list() {
      const all = (await Promise.all(shards.map(listOn))).flat();
      return all.sort((one, other) => (one.at < other.at ? -1 : 1));
    },
    async countOn(shard) {
      return (await listOn(shard)).length;
    },
    retry: (id) =>
      touch(id, {
        job: retryStatement(jobs),
        event: `update ${outbox} set attempts = 0, due_at = now() where id = $1 returning id`,
      }),
    drop: (id) =>
      touch(id, {
        job: `delete from ${jobs} where id = $1 and state = 'failed' returning id`,
        event: `delete from ${outbox} where id = $1 and attempts > 0 returning id`,
      }),
  };
}

/**
 * A job goes back as it is. One that lies in the queue for failures, because its failure could not be handled, goes and
 * the job that it is about goes back.
 */
function retryStatement(jobs: string): string {
  const back = "state = 'retry', retry_count = 0, start_after = now(), completed_on = null, output = null";
  return `with dead as (select id, name, data from ${jobs} where id = $1 and state = 'failed'),
    gone as (delete from ${jobs} as job using dead where job.id = dead.id and dead.name like '%${FAILED}' returning 1),
    back as (
      update ${jobs} as job set ${back} from dead
      where job.state = 'failed' and (
        (job.id = dead.id and dead.name not like '%${FAILED}')
        or (job.name || '${FAILED}' = dead.name and job.data = dead.data)
      ) returning 1
    )
    select 1 from dead`;
}

function toDeadLetter(row: Row, kind: DeadLetter['kind'], id: string): DeadLetter {
  const { name, at, tries, output } = row;
  const reason = output === null ? undefined : [output.code, output.message].filter(Boolean).join(': ');
  return { id, kind, name, at, tries, reason, data: unwrapData(row.data).data };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Undefined for what is no id of ours: nothing is there under it. */
function parseId(
  id: string,
  shards: readonly string[],
): { readonly shard: string; readonly job?: string; readonly event?: string } | undefined {
  const slash = id.indexOf('/');
  const shard = id.slice(0, slash);
  const rest = id.slice(slash + 1);
  if (!shards.includes(shard)) return undefined;
  const event = /^event-(\d{1,18})$/.exec(rest)?.[1];
  if (event !== undefined) return { shard, event };
  return UUID.test(rest) ? { shard, job: rest } : undefined;
}
