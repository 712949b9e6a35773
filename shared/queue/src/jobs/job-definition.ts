import type { ShardTransaction } from '@weft/database';
import type { CallPeer } from '../events/peers.ts';

/** What a job gets beside its data. */
export interface JobTools<T> {
  /** The shard that holds the job, and so the rows of its key. */
  readonly shard: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Aborts when the job has run too long or the process stops. */
  readonly signal: AbortSignal;
  /**
   * Runs `effect` in one transaction on the job's shard together with the mark that event `eventId` was handled; gives
   * false, and runs nothing, when the mark is there already. However often a worker dies in between, the effect
   * happens once. What `effect` does outside the transaction is not covered: give an outside party `eventId` as its
   * idempotency key.
   */
  once(eventId: string, effect: (transaction: ShardTransaction<T>) => Promise<void>): Promise<boolean>;
  /** One statement on the primary of the job's shard, for what decides how the job goes on. */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Asks another process. */
  readonly call: CallPeer;
}

/** Why a job was given up, in words that a client may read. */
export interface JobFailure {
  readonly code: string;
  readonly message: string;
}

export interface JobSettings {
  /** Tries after the first one. A worker that dies in a try has used it up. */
  readonly retryLimit: number;
  /** Wait before the first retry; it doubles with each one, with some jitter. */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /** A try that has not ended after this long is taken to be dead and is given to another worker. */
  readonly expireInSeconds: number;
  /** Most jobs that one worker process runs side by side on one shard: each holds a connection in its transactions. */
  readonly batchSize: number;
}

/** A job as workers see it: its data is unknown until `parse` has looked at it. */
export interface JobDefinition<T> {
  /** Name of the queue; the marks of `once` are kept under it. Renaming it loses what is queued. */
  readonly name: string;
  readonly settings: JobSettings;
  /** Peers that it asks, by name: a worker that does not know where they are does not start. */
  readonly asks: readonly string[];
  run(data: unknown, tools: JobTools<T>): Promise<void>;
  /** Called when the job was given up, at least once. Undefined: nothing but the log tells of it. */
  readonly failed?: (data: unknown, failure: JobFailure, tools: JobTools<T>) => Promise<void>;
}

export interface JobDeclaration<T, D> {
  readonly name: string;
  /** Only what differs from the defaults: 10 retries from 1 s to 60 s apart, 15 s a try, 4 side by side. */
  readonly settings?: Partial<JobSettings>;
  /** Peers that it asks by `call`. */
  readonly asks?: readonly string[];
  /** The data as it came out of the queue, typed. Throw when it has another shape. */
  parse(data: unknown): D;
  run(data: D, tools: JobTools<T>): Promise<void>;
  failed?(data: D, failure: JobFailure, tools: JobTools<T>): Promise<void>;
}

const DEFAULTS: JobSettings = {
  retryLimit: 10,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 60,
  expireInSeconds: 15,
  batchSize: 4,
};

/**
 * Declares a job of the tables `T`. Throw a GraphError in `run` to fail with its code and message: one whose code can
 * work later is retried, one that cannot is given up at once; anything else is a bug and is retried too.
 */
export function defineJob<T>() {
  return <D>(declaration: JobDeclaration<T, D>): JobDefinition<T> => {
    const { name, parse, failed } = declaration;
    return {
      name,
      settings: { ...DEFAULTS, ...declaration.settings },
      asks: declaration.asks ?? [],
      run: (data, tools) => declaration.run(parse(data), tools),
      ...(failed && { failed: (data, failure, tools) => failed(parse(data), failure, tools) }),
    };
  };
}

/** What the name of a queue for failures ends with. */
export const FAILED = '-failed';

/** Where jobs go that were given up, until `failed` has run. */
export function failedQueueOf(job: string): string {
  return `${job}${FAILED}`;
}
