import { ERROR_CODES, isGraphError, messageOf } from '@weft/errors';
import { ATTRIBUTES, METRICS, parseTraceparent, SPANS, type SpanContext } from '@weft/telemetry';
import type { JobResult, JobWithMetadata } from 'pg-boss';
import { onceOn } from '../once.ts';
import type { WorkerSettings } from '../worker-settings.ts';
import { unwrapData } from './job-data.ts';
import type { JobDefinition, JobFailure, JobTools } from './job-definition.ts';

/** Where jobs run. */
export interface JobPlace<T> {
  readonly settings: WorkerSettings<T>;
  readonly shard: string;
}

type BossJob = JobWithMetadata<object>;
type RunOne<T> = (data: unknown, tools: JobTools<T>, boss: BossJob) => Promise<void>;

/** Runs jobs side by side and tells pg-boss of each how it ended, so that one failure does not undo the others. */
export function batchOf<T>(place: JobPlace<T>, job: JobDefinition<T>) {
  return settleEach(place, job.name, job.name, (data, tools) => job.run(data, tools));
}

/** The same for jobs that were given up: tells `failed` why. */
export function failedBatchOf<T>(
  place: JobPlace<T>,
  job: JobDefinition<T>,
  failed: NonNullable<JobDefinition<T>['failed']>,
) {
  const run: RunOne<T> = (data, tools, { sourceOutput }) => failed(data, failureOf(sourceOutput), tools);
  return settleEach(place, `${job.name} given up`, job.name, run);
}

function settleEach<T>({ settings, shard }: JobPlace<T>, label: string, consumer: string, run: RunOne<T>) {
  const { telemetry, database } = settings;
  const outcomes = telemetry.counter(METRICS.queue_jobs_total);
  const once = onceOn(database, shard, consumer);

  async function settle(boss: BossJob): Promise<JobResult> {
    const tools: JobTools<T> = {
      shard,
      attempt: boss.retryCount + 1,
      signal: boss.signal,
      once,
      call: settings.callPeer,
      query: (sql, parameters) => database.query(shard, sql, parameters),
    };
    try {
      const attributes = { [ATTRIBUTES.job]: label, [ATTRIBUTES.shard]: shard };
      const { data, traceparent } = unwrapData(boss.data);
      const links = linksTo(traceparent);
      await telemetry.span(SPANS.queueJob, { attributes, links }, () => run(data, tools, boss));
      outcomes.add({ job: label, outcome: 'done' });
      return { id: boss.id, status: 'completed' };
    } catch (error) {
      const hopeless = isGraphError(error) && ERROR_CODES[error.code].retry === 'changed';
      outcomes.add({ job: label, outcome: hopeless ? 'given up' : 'failed' });
      telemetry.log.warn({ shard, job: label, attempt: tools.attempt, error: messageOf(error) }, 'a job failed');
      return { id: boss.id, status: hopeless ? 'deadletter' : 'failed', output: toFailure(error) };
    }
  }

  return (batch: BossJob[]): Promise<JobResult[]> => Promise.all(batch.map(settle));
}

/** To the write whose event sent the job. */
function linksTo(traceparent: string | undefined): SpanContext[] {
  const writer = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return writer === undefined ? [] : [writer];
}

/** What is kept of an error with a job that failed: only what a client may read. */
function toFailure(error: unknown): JobFailure {
  if (isGraphError(error)) return { code: error.code, message: error.message };
  return { code: 'INTERNAL_SERVER_ERROR', message: 'The job failed.' };
}

/** The last error of a job that was given up; pg-boss writes its own where a worker died or took too long. */
function failureOf(output: object | null): JobFailure {
  if (output !== null && 'code' in output && 'message' in output) {
    return { code: String(output.code), message: String(output.message) };
  }
  return { code: 'DEADLINE_EXCEEDED', message: 'The job did not end in time.' };
}
