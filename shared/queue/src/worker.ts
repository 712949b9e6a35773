import type { Database, FleetAddresses } from '@weft/database';
import { GraphError } from '@weft/errors';
import type { Telemetry } from '@weft/telemetry';
import { watchDeadLetters } from './admin/dead-letter-watch.ts';
import type { CallPeer } from './events/peers.ts';
import type { JobDefinition } from './jobs/job-definition.ts';
import { createJobRunner, type JobRunner } from './jobs/job-runner.ts';
import { jobsSchemaOf } from './jobs/jobs-migration.ts';
import { doneJobs, type OldRows, oldMarks } from './prune/old-rows.ts';
import { createPruner } from './prune/pruner.ts';
import { createRelay, type Relay } from './relay/relay.ts';
import type { RelayHandlers } from './relay/relay-definition.ts';
import { WORKER_TIMING, type WorkerSettings, type WorkerTiming } from './worker-settings.ts';

export interface QueueWorkerOptions<T> {
  /** The worker's own; whoever made it stops it, after the worker. */
  readonly database: Database<T>;
  readonly addresses: FleetAddresses;
  /** The runtime role: rows may be written, nothing may be created. */
  readonly role: string;
  readonly password: string;
  readonly telemetry: Telemetry;
  readonly relay?: RelayHandlers<T> | undefined;
  readonly jobs?: readonly JobDefinition<T>[] | undefined;
  /** Deleted by age, beside the marks of the inbox. */
  readonly oldRows?: readonly OldRows[] | undefined;
  readonly timing?: Partial<WorkerTiming> | undefined;
  /** How jobs ask other processes; without it they cannot. */
  readonly callPeer?: CallPeer | undefined;
}

/** The running worker of one subgraph: on every shard a relay for the outbox, and the jobs. */
export interface QueueWorker {
  /**
   * For the ready check of the process. Throws while jobs run on no shard: a shard that is down is no reason to take the
   * worker of the others for unfit.
   */
  check(): Promise<void>;
  /** Ends what is in hand and starts no more. What does not end in time is tried again by another worker. */
  stop(): Promise<void>;
}

interface ShardWorker {
  readonly shard: string;
  readonly relay: Relay;
  readonly isRunning: () => boolean;
  stop(): Promise<void>;
}

/**
 * Starts working at once, in the background: a shard that is down is waited for and holds up no other. Workers keep no
 * state; any number of copies share the work, and one that dies loses nothing.
 */
export function createQueueWorker<T>(options: QueueWorkerOptions<T>): QueueWorker {
  const { database } = options;
  const timing = { ...WORKER_TIMING, ...options.timing };
  const settings: WorkerSettings<T> = { ...options, timing, callPeer: options.callPeer ?? callNobody };
  const shards = options.addresses.shards.map(({ name, primary }) => startShard(options, settings, name, primary));
  const byName = new Map(shards.map((worker) => [worker.shard, worker]));
  // Every write of the subgraph notifies this channel, for the sake of the caches; those with an event wake the relay.
  const wake = (shard: string) => byName.get(shard)?.relay.wake();
  const stopListening = database.listen(`weft_${database.subgraph}`, { onNotification: wake, onListening: wake });
  return {
    async check() {
      if (!shards.some(({ isRunning }) => isRunning())) {
        throw new GraphError('SHARD_UNAVAILABLE', 'Jobs run on no shard yet.');
      }
    },
    async stop() {
      stopListening();
      await Promise.all(shards.map((shard) => shard.stop()));
    },
  };
}

function startShard<T>(
  { jobs = [], relay = {}, oldRows = [] }: QueueWorkerOptions<T>,
  settings: WorkerSettings<T>,
  shard: string,
  url: string,
): ShardWorker {
  const runner: JobRunner<T> | undefined =
    jobs.length > 0 ? createJobRunner({ settings, shard, url, jobs }) : undefined;
  const relaying = createRelay<T>({ settings, shard, handlers: relay, send: runner?.send ?? refuse });
  const { subgraph } = settings.database;
  const done = runner === undefined ? [] : [doneJobs(jobsSchemaOf(subgraph))];
  const rows = [oldMarks(subgraph), ...done, ...oldRows];
  const pruner = createPruner<T>({ settings, shard, rows });
  const watch = watchDeadLetters(settings, shard);
  return {
    shard,
    relay: relaying,
    isRunning: runner?.isRunning ?? (() => true),
    async stop() {
      await Promise.all([relaying.stop(), pruner.stop(), watch.stop()]);
      await runner?.stop();
    },
  };
}

async function refuse(): Promise<void> {
  throw new Error('this subgraph has no jobs');
}

async function callNobody(peer: string): Promise<never> {
  throw new Error(`this worker has no peers, so it cannot ask ${peer}`);
}
