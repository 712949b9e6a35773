import { getConstructionPlans } from 'pg-boss';
import { failedQueueOf } from './job-definition.ts';

/** The schema of pg-boss's own tables: beside the subgraph's, with the same owner. */
export function jobsSchemaOf(subgraph: string): string {
  return `${subgraph}_jobs`;
}

export interface JobsMigrationOptions {
  readonly subgraph: string;
  /** Name of the migration in the subgraph's ledger: `0002-jobs`. */
  readonly name: string;
  /** Names of the jobs that get a queue. A job that comes later gets one by `queueStatements` in a new migration. */
  readonly jobs: readonly string[];
}

/**
 * The migration that installs pg-boss and the queues of the jobs, run by the owner like any other: at run time the
 * worker has no right to create anything. Its ledger fingerprint is pg-boss's schema version and not the text, which a
 * patch release may reword.
 */
export function jobsMigration({ subgraph, name, jobs }: JobsMigrationOptions) {
  const schema = jobsSchemaOf(subgraph);
  const plan = getConstructionPlans(schema, { createSchema: false });
  const version = /INSERT INTO \w+\.version\(version\) VALUES \('(\d+)'\)/.exec(plan)?.[1];
  if (version === undefined) throw new Error('pg-boss gives an installation plan that this code cannot read.');
  return {
    name,
    fingerprint: `pg-boss schema ${version}; ${jobs.join(', ')}`,
    statements: [withoutTransaction(plan), ...jobs.flatMap((job) => queueStatements(schema, job))],
  };
}

/** The queue of a job and the one for jobs that were given up. Settings travel with each job, so the rows are plain. */
export function queueStatements(schema: string, job: string): string[] {
  return [job, failedQueueOf(job)].map(
    (queue) => `select ${schema}.create_queue('${queue}', '{"policy":"standard","notify":true}'::jsonb)`,
  );
}

/** The migration runs inside the transaction of all migrations of a shard, under its lock. */
function withoutTransaction(plan: string): string {
  const body = plan
    .replace(/^\s*BEGIN;/, '')
    .replace(/COMMIT;\s*$/, '')
    .replace(/^\s*SET LOCAL .*$/gm, '');
  if (/^\s*(BEGIN|COMMIT);/m.test(body)) throw new Error('pg-boss gives an installation plan that commits in between.');
  return body;
}
