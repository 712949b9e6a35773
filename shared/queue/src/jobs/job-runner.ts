import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@weft/errors';
import { PgBoss } from 'pg-boss';
import { GIVEN_UP_DAYS } from '../prune/old-rows.ts';
import type { SendJobs } from '../relay/relay.ts';
import { wrapData } from './job-data.ts';
import { failedQueueOf, type JobDefinition } from './job-definition.ts';
import { jobsSchemaOf } from './jobs-migration.ts';
import { batchOf, failedBatchOf, type JobPlace } from './run-batch.ts';

export interface JobRunnerOptions<T> extends JobPlace<T> {
  /** Of the shard's primary; without credentials. */
  readonly url: string;
  readonly jobs: readonly JobDefinition<T>[];
}

export interface JobRunner<T> {
  readonly send: SendJobs<T>;
  /** False until the shard has answered and its queues are worked on. */
  isRunning(): boolean;
  /** Takes no more jobs and waits for those in hand, but not for ever. */
  stop(): Promise<void>;
}

/** For pg-boss to close its connections, after the jobs have had their time. */
const MORE_STOP_MS = 2_000;
const STATEMENT_TIMEOUT_MS = 10_000;
const HOUR_SECONDS = 3_600;
/** Tries to start on a shard that is down; pg-boss waits up to 30 s between two. */
const FOR_EVER = 1_000_000;
/** pg-boss's own statements are few: it takes jobs in batches. It listens on one more connection. */
const BOSS_CONNECTIONS = 2;

/** Runs the jobs of one shard by pg-boss, whose tables are on the shard itself, beside the rows that the jobs change. */
export function createJobRunner<T>(options: JobRunnerOptions<T>): JobRunner<T> {
  const { settings, shard, jobs } = options;
  const boss = createBoss(options);
  const known = new Map(jobs.map((job) => [job.name, job]));
  let running = false;
  let stopping = false;

  async function start(): Promise<void> {
    await boss.start({ attempts: FOR_EVER });
    for (const job of jobs) await workOn(boss, options, job);
    running = true;
  }

  const starting = start().catch((error: unknown) => {
    if (!stopping) settings.telemetry.log.error({ shard, error: messageOf(error) }, 'the jobs of a shard cannot run');
  });

  return {
    async send(transaction, { name }, events) {
      if (events.length === 0) return;
      const job = known.get(name);
      if (job === undefined) throw new Error(`job ${name} is not in the jobs of this subgraph`);
      const how = sendOptionsOf(job);
      const entries = events.map((event) => ({ data: wrapData(event), ...how }));
      const db = {
        executeSql: async (sql: string, values?: unknown[]) => ({ rows: await transaction.query(sql, values) }),
      };
      await boss.insert(job.name, entries, { db });
    },
    isRunning: () => running,
    async stop() {
      stopping = true;
      const timeout = settings.timing.stopMs;
      const stopped = boss.stop({ graceful: true, timeout }).then(() => starting);
      // On a server that hangs pg-boss waits for ever; whoever stops does not.
      await Promise.race([stopped, delay(timeout + MORE_STOP_MS, undefined, { ref: false })]);
    },
  };
}

function createBoss<T>({ settings, shard, url }: JobRunnerOptions<T>): PgBoss {
  const { database, telemetry, role, password, timing } = settings;
  const superviseSeconds = Math.max(1, Math.round(timing.superviseMs / 1_000));
  const { hostname, port, pathname } = new URL(url);
  // pg-boss does not name it among its options, and passes it on to its pool.
  const forPool = { query_timeout: STATEMENT_TIMEOUT_MS };
  const boss = new PgBoss({
    ...forPool,
    host: hostname,
    port: Number(port || 5_432),
    database: pathname.slice(1),
    user: role,
    password,
    application_name: `weft-${database.subgraph}-jobs`,
    max: BOSS_CONNECTIONS,
    connectionTimeoutMillis: 5_000,
    schema: jobsSchemaOf(database.subgraph),
    useListenNotify: true,
    supervise: true,
    superviseIntervalSeconds: superviseSeconds,
    monitorIntervalSeconds: superviseSeconds,
    maintenanceIntervalSeconds: HOUR_SECONDS,
    // Everything below needs rights that the runtime role does not have, or is for features that are not used.
    migrate: false,
    createSchema: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
    registerInstance: false,
    flowIntervalSeconds: HOUR_SECONDS,
    openTelemetry: { enabled: false },
  });
  boss.on('error', (error) => telemetry.log.warn({ shard, error: error.message }, 'pg-boss failed and goes on'));
  boss.on('warning', ({ message }) => telemetry.log.warn({ shard, warning: message }, 'pg-boss warns'));
  return boss;
}

async function workOn<T>(boss: PgBoss, options: JobRunnerOptions<T>, job: JobDefinition<T>): Promise<void> {
  const pollSeconds = Math.max(0.5, options.settings.timing.pollMs / 1_000);
  const how = {
    batchSize: job.settings.batchSize,
    burstWhenBatchFull: true,
    includeMetadata: true,
    perJobResults: true,
    pollingIntervalSeconds: pollSeconds,
    notifyPollingIntervalSeconds: pollSeconds,
  } as const;
  await boss.work(job.name, how, batchOf(options, job));
  if (job.failed !== undefined) await boss.work(failedQueueOf(job.name), how, failedBatchOf(options, job, job.failed));
}

function sendOptionsOf<T>({ name, settings, failed }: JobDefinition<T>) {
  return {
    retryLimit: settings.retryLimit,
    retryDelay: settings.retryDelaySeconds,
    retryDelayMax: settings.retryDelayMaxSeconds,
    retryBackoff: true,
    expireInSeconds: settings.expireInSeconds,
    // For those that were given up, which wait for a person; the pruner takes the others earlier.
    deleteAfterSeconds: GIVEN_UP_DAYS * 24 * HOUR_SECONDS,
    ...(failed && { deadLetter: failedQueueOf(name) }),
  };
}
