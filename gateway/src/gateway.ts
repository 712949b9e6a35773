import { createCache } from '@weft/cache';
import { checkDocument, createService, type Service, type ServiceOptions } from '@weft/service';
import { createTelemetry, type Telemetry } from '@weft/telemetry';
import type { GatewayConfig } from './config/index.ts';
import { createFetchPlane, type FetchPlane } from './fetch/plane.ts';
import { buildGeneration, type GatewayGeneration } from './generation.ts';
import { createHandler } from './http/server.ts';
import { httpStages } from './http/stages.ts';
import { openTokenKeys } from './http/token-keys.ts';
import { createVerifyToken } from './http/verify-token.ts';
import { knownOperationNames } from './known-operation-names.ts';
import { metricsPlace } from './metrics-place.ts';
import { createDocuments } from './operation/documents.ts';
import { createAnswerOperation, operationStages } from './operation/stages.ts';
import { openSupergraph } from './supergraph/source.ts';
import { openSubgraphUrls, type SubgraphUrls } from './supergraph/subgraph-urls.ts';
import { createGoodTokens } from './write-tokens.ts';

/** Longest wait for answers in flight when the gateway stops. */
const STOP_TIMEOUT_MS = 20_000;

export interface Gateway {
  /** Of the GraphQL endpoint: "http://127.0.0.1:4000/graphql". */
  readonly url: string;
  readonly service: Service;
  readonly telemetry: Telemetry;
  /** Hash of the supergraph that is served now. */
  readonly supergraph: string;
  /** Looks at the watched files now; resolves when a change has been taken or refused. */
  reload(): Promise<void>;
  /** Drains and closes; nothing in flight is lost. */
  stop(): Promise<void>;
}

/** What a process decides that is not in the configuration. */
export type GatewayOptions = Pick<ServiceOptions, 'metrics' | 'metricsText' | 'checks'>;

/** What has been opened, to be closed the other way round. */
type Opened = (() => Promise<void> | void)[];

/**
 * Wires the planes, from the subgraphs up: fetch, execution, operation, HTTP. Listens when it resolves; when it throws,
 * nothing of it is left open.
 *
 * @throws UserError for what a person got wrong: a missing file, a supergraph that cannot be served, a taken port.
 */
export async function createGateway(config: GatewayConfig, options: GatewayOptions = {}): Promise<Gateway> {
  const telemetry = createTelemetry({ service: 'gateway', ...config.telemetry });
  const opened: Opened = [() => telemetry.stop()];
  try {
    return await open(config, { telemetry, opened, options });
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

interface Opening {
  readonly telemetry: Telemetry;
  readonly opened: Opened;
  readonly options: GatewayOptions;
}

async function open(config: GatewayConfig, { telemetry, opened, options }: Opening): Promise<Gateway> {
  const { authentication, supergraph } = config;
  const keys = await openTokenKeys({ ...authentication, pollMs: supergraph.pollEvery, telemetry });
  const cache = createCaches(config, telemetry);
  const secrets = config.secrets?.map((secret) => secret.reveal());
  const fetchPlane = createFetchPlane({ traffic: config.traffic, telemetry, secrets });
  opened.push(() => keys?.stop(), cache.stop, fetchPlane.connections.stop);
  const graph = await openGraph(config, telemetry, fetchPlane, opened);
  const { operationsDirectory } = config.telemetry.metrics;
  const service = await createService({
    name: 'gateway',
    telemetry,
    host: config.http.host,
    port: config.http.port,
    metrics: metricsPlace(config),
    ...options,
    drain: { leadMs: config.http.stopLead, timeoutMs: STOP_TIMEOUT_MS },
    handler: createHandler({
      stages: httpStages({
        path: config.http.path,
        telemetry,
        knownOperations: operationsDirectory === undefined ? [] : knownOperationNames(operationsDirectory),
        cors: config.cors,
        forward: config.headers.forward,
        verifyToken: createVerifyToken(keys, authentication),
        consoleDirectory: config.mode === 'development' ? config.console.directory : undefined,
      }),
      forward: config.headers.forward,
      goodTokens: createGoodTokens(secrets),
      maxBodyBytes: config.http.maxBodyBytes,
      operationTimeoutMs: config.traffic.operationTimeout,
      answer: createAnswerOperation(
        operationStages({
          telemetry,
          persisted: cache.persisted,
          documents: createDocuments({ count: (text) => checkDocument(text, config.limits) }),
          lease: graph.lease,
          store: cache.answers,
          maxAgeMs: config.responseCache.maxAge,
        }),
      ),
    }),
    // the trace exporter is last: whoever stops the process sends the spans of the stop too
    onStop: () => closeAll(opened.splice(1)),
  });
  const url = service.url + config.http.path;
  if (metricsPlace(config) === 'nowhere')
    telemetry.log.info('Metrics have no port: telemetry.metrics.port (WEFT_METRICS_PORT) gives them one.');
  telemetry.log.info({ url, supergraph: graph.current(), mode: config.mode }, 'The gateway serves.');
  return {
    url,
    service,
    telemetry,
    get supergraph() {
      return graph.current();
    },
    async reload() {
      await Promise.all([graph.reload(), keys?.reload()]);
    },
    async stop() {
      await service.stop();
      await closeAll(opened);
    },
  };
}

/** The supergraph and the addresses of subgraphs, both watched; connections that neither needs any more are closed. */
async function openGraph(config: GatewayConfig, telemetry: Telemetry, fetchPlane: FetchPlane, opened: Opened) {
  const { connections, copies, call, callBytes } = fetchPlane;
  const { file, subgraphUrlsFile, pollEvery: pollMs } = config.supergraph;
  const source = await openSupergraph<GatewayGeneration>({
    file,
    pollMs,
    telemetry,
    build: (sdl) => buildGeneration(sdl, { config, telemetry, call, callBytes }),
    prepare: (next, before) => warmUp(next, before, { ...config.planning, log: telemetry.log }),
    onStopped: () => keepNeededConnections(),
  });
  opened.push(source.stop);
  const keepNeededConnections = (): void => {
    const addresses = source.generations.alive.flatMap(({ origins }) => origins);
    connections.keepOnly(new Set([...copies.origins(), ...addresses]));
  };
  const onUrls = (given: SubgraphUrls): void => {
    copies.setOverrides(given);
    keepNeededConnections();
  };
  const urls =
    subgraphUrlsFile === undefined
      ? undefined
      : await openSubgraphUrls({ file: subgraphUrlsFile, pollMs, telemetry, onUrls });
  opened.push(() => urls?.stop());
  return {
    current: () => source.generations.current.id,
    lease() {
      const { generation, release } = source.generations.lease();
      return { host: generation.host, release };
    },
    async reload() {
      await Promise.all([source.reload(), urls?.reload()]);
    },
  };
}

/** Operations in use are planned on the next supergraph while the one before still serves. */
async function warmUp(
  next: GatewayGeneration,
  before: GatewayGeneration,
  options: GatewayConfig['planning'] & { readonly log: Telemetry['log'] },
): Promise<void> {
  const used = before.used(options.warmUp);
  if (used.length === 0) return;
  const started = performance.now();
  const bounds = { signal: new AbortController().signal, deadlineMs: started + options.warmUpTimeout };
  const ready = await next.warm(used, bounds);
  const durationMs = Math.round(performance.now() - started);
  options.log.info({ operations: used.length, ready, durationMs }, 'Operations were planned for the next supergraph.');
}

async function closeAll(opened: Opened): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

function createCaches({ responseCache: options }: GatewayConfig, telemetry: Telemetry) {
  const { redisUrl } = options;
  const shared = { telemetry, ...(redisUrl !== undefined && { redisUrl }) };
  const answers = options.enabled
    ? createCache({ name: 'responses', maxBytes: options.maxBytes, ...shared })
    : undefined;
  const documents = createCache({ name: 'persisted', maxBytes: 16 * 1024 * 1024, ...shared });
  return {
    answers,
    persisted: {
      get: async (hash: string) => (await documents.getMany([hash]))[0],
      set: (hash: string, text: string) => void documents.setMany([{ key: hash, text, ttlMs: 24 * 3_600_000 }]),
    },
    async stop() {
      await Promise.all([answers?.stop(), documents.stop()]);
    },
  };
}
