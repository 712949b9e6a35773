import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database, StatementRecord } from '@weft/database';
import { createIds } from '@weft/ids';
import { EVENTS_PATH } from '@weft/queue';
import { createRequestVerifier, createService, createUserTokens, createWriteTokens, type Service } from '@weft/service';
import { createTelemetry, type Telemetry } from '@weft/telemetry';
import { loadSubgraphSettings, type SubgraphSettings } from '../config/subgraph-settings.ts';
import type { Subgraph } from '../definition/define-subgraph.ts';
import { createEngine } from '../http/engine.ts';
import { createEventHandler } from '../http/event-handler.ts';
import { createRequestHandler } from '../http/request-handler.ts';
import { type Closers, createClosers } from './closers.ts';
import { openDatabase } from './open-database.ts';
import { createShardReadiness } from './shard-readiness.ts';

export interface StartOptions {
  /** Instead of the environment of the process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told of every statement, for tests and `weft explain`. */
  readonly onStatement?: (statement: StatementRecord) => void;
  /** Where log lines go; stderr when absent. */
  readonly writeLog?: (line: string) => void;
}

/** A subgraph that answers. */
export interface RunningSubgraph<T> {
  /** `http://127.0.0.1:4102/graphql` */
  readonly url: string;
  readonly service: Service;
  readonly database: Database<T>;
  readonly telemetry: Telemetry;
  /** Lets requests in flight end, then closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts a subgraph in this process: settings, telemetry, database, engine, port. Throws UserError for settings that
 * are wrong, a shard whose migrations are behind, and a port in use; what was opened before is closed again.
 */
export async function startSubgraph<T>(subgraph: Subgraph<T>, options: StartOptions = {}): Promise<RunningSubgraph<T>> {
  const settings = loadSubgraphSettings(subgraph, options.environment);
  const closers = createClosers();
  try {
    return await start(subgraph, settings, closers, options);
  } catch (error) {
    await closers.close().catch(() => undefined); // the failure of the start is the one to tell
    throw error;
  }
}

async function start<T>(
  subgraph: Subgraph<T>,
  settings: SubgraphSettings,
  closers: Closers,
  options: StartOptions,
): Promise<RunningSubgraph<T>> {
  const { name, schema } = subgraph;
  const { instance, otlpUrl, logLevel, mode, limits, maxBodyBytes } = settings;
  const { writeLog, onStatement } = options;
  const telemetry = createTelemetry({ service: name, instance, otlpUrl, logLevel, ...(writeLog && { writeLog }) });
  closers.add(() => telemetry.stop());
  const database = openDatabase(subgraph, settings, telemetry, closers, onStatement);
  const shards = createShardReadiness(database, telemetry);
  await shards();
  const engine = await createEngine<T>({ schema, mode, telemetry });
  closers.add(() => engine.stop());
  const secrets = settings.secrets.map((secret) => secret.reveal());
  const verifier = createRequestVerifier(secrets, { audience: name });
  const graphql = createRequestHandler<T>({
    ...{ subgraph: name, engine, database, telemetry, limits, maxBodyBytes },
    requestTimeoutMs: settings.requestTimeout,
    verifier,
    users: createUserTokens(secrets),
    writeTokens: createWriteTokens(secrets),
    ids: createIds(),
  });
  const { receives } = subgraph;
  const events = receives && createEventHandler<T>({ receives, database, verifier, maxBodyBytes, telemetry });
  const handler = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    events !== undefined && request.url === EVENTS_PATH ? events(request, response) : graphql(request, response);
  const { host, port, metricsPort } = settings;
  const service = await createService({
    ...{ name, telemetry, host, port, handler, checks: { shards } },
    metrics: metricsPort === undefined ? 'beside' : { host, port: metricsPort },
    onStop: () => closers.close(),
  });
  telemetry.log.info({ url: service.url, mode }, `${name} answers.`);
  return { url: `${service.url}/graphql`, service, database, telemetry, stop: () => service.stop() };
}
