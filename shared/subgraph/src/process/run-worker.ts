import { readFleet } from '@weft/database';
import { GraphError, reportFailure, UserError } from '@weft/errors';
import { createQueueWorker, type WorkerTiming } from '@weft/queue';
import { createService, type Service, stopOnSignal } from '@weft/service';
import { createTelemetry } from '@weft/telemetry';
import { loadSubgraphSettings, type SubgraphSettings } from '../config/subgraph-settings.ts';
import type { Subgraph } from '../definition/define-subgraph.ts';
import { createCallPeer } from './call-peer.ts';
import { type Closers, createClosers } from './closers.ts';
import { openDatabase } from './open-database.ts';
import { createShardReadiness } from './shard-readiness.ts';
import type { StartOptions } from './start-subgraph.ts';

export interface WorkerStartOptions extends StartOptions {
  /** More eager or more patient than the queue's own measure. */
  readonly timing?: Partial<WorkerTiming>;
}

/** A worker that runs: the relay and the jobs of a subgraph, and a port for its health and metrics. */
export interface RunningWorker {
  /** `http://127.0.0.1:4112`, without a path. */
  readonly url: string;
  readonly service: Service;
  /** Ends what is in hand, then closes everything. */
  stop(): Promise<void>;
}

/** A whole worker.ts: starts the worker from the subgraph's settings and ends with the process. */
export async function runWorker<T>(subgraph: Subgraph<T>): Promise<void> {
  try {
    const { service } = await startWorker(subgraph);
    stopOnSignal(service);
  } catch (error) {
    process.exit(reportFailure(error, (text) => console.error(text)));
  }
}

/** Starts the worker in this process. Throws UserError like startSubgraph. */
export async function startWorker<T>(subgraph: Subgraph<T>, options: WorkerStartOptions = {}): Promise<RunningWorker> {
  const settings = loadSubgraphSettings(subgraph, options.environment);
  refuseUnknownPeers(subgraph, settings);
  const closers = createClosers();
  try {
    return await start(subgraph, settings, closers, options);
  } catch (error) {
    await closers.close().catch(() => undefined); // the failure of the start is the one to tell
    throw error;
  }
}

/** A job that cannot ask whom it has to would fail until it is given up. */
function refuseUnknownPeers<T>({ name, jobs = [] }: Subgraph<T>, { peers }: SubgraphSettings): void {
  const asked = jobs.flatMap(({ name: job, asks }) => asks.map((peer) => ({ job, peer })));
  const missing = asked.filter(({ peer }) => !Object.hasOwn(peers, peer));
  if (missing.length === 0) return;
  const lines = missing.map(({ job, peer }) => `  ${peer}, which the job ${job} asks`);
  const given = Object.keys(peers).join(', ') || 'none';
  throw new UserError(`peers (WEFT_PEERS) of ${name} lacks:\n${lines.join('\n')}\nGiven: ${given}.`, {
    code: 'CONFIG_INVALID',
  });
}

async function start<T>(
  subgraph: Subgraph<T>,
  settings: SubgraphSettings,
  closers: Closers,
  options: WorkerStartOptions,
): Promise<RunningWorker> {
  const name = `${subgraph.name}-worker`;
  const { instance, otlpUrl, logLevel, host, workerPort } = settings;
  const { writeLog, onStatement } = options;
  const telemetry = createTelemetry({ service: name, instance, otlpUrl, logLevel, ...(writeLog && { writeLog }) });
  closers.add(() => telemetry.stop());
  const database = openDatabase(subgraph, settings, telemetry, closers, onStatement);
  const shards = createShardReadiness(database, telemetry);
  await shards();
  const worker = createQueueWorker<T>({
    ...{ database, telemetry, relay: subgraph.relay, jobs: subgraph.jobs, oldRows: subgraph.oldRows },
    addresses: readFleet(settings.database.fleetFile),
    role: settings.database.role,
    password: settings.database.password.reveal(),
    timing: options.timing,
    callPeer: createCallPeer({
      ...{ peers: settings.peers, telemetry },
      secrets: settings.secrets.map((secret) => secret.reveal()),
    }),
  });
  closers.add(() => worker.stop());
  const service = await createService({
    ...{ name, telemetry, host, port: workerPort },
    handler: () => {
      throw new GraphError('NOT_FOUND', 'A worker serves its health and its metrics only.');
    },
    checks: { shards, jobs: () => worker.check() },
    onStop: () => closers.close(),
  });
  telemetry.log.info({ url: service.url }, `${name} works.`);
  return { url: service.url, service, stop: () => service.stop() };
}
