import { createCache } from '@weft/cache';
import { checkDocument, createRequestSigner, createService, createUserTokens, type Service } from '@weft/service';
import { createTelemetry, type Telemetry } from '@weft/telemetry';
import type { GatewayConfig } from './config/index.ts';
import { createConnections } from './fetch/connections.ts';
import { createCopies } from './fetch/copies.ts';
import { createSend } from './fetch/send.ts';
import { createCallSubgraph, fetchStages } from './fetch/stages.ts';
import { buildGeneration, type GatewayGeneration } from './generation.ts';
import { createHandler } from './http/server.ts';
import { httpStages } from './http/stages.ts';
import { createVerifyToken } from './http/verify-token.ts';
import { createDocuments } from './operation/documents.ts';
import { createAnswerOperation, operationStages } from './operation/stages.ts';
import { openSupergraph } from './supergraph/source.ts';
import { openSubgraphUrls } from './supergraph/subgraph-urls.ts';

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

/**
 * Wires the planes, from the subgraphs up: fetch, execution, operation, HTTP. Listens when it resolves.
 *
 * @throws UserError for what a person got wrong: a missing file, a supergraph that cannot be served, a taken port.
 */
export async function createGateway(config: GatewayConfig): Promise<Gateway> {
  const telemetry = createTelemetry({ service: 'gateway', ...config.telemetry });
  const verifyToken = await createVerifyToken(config.authentication);
  const cache = createCaches(config, telemetry);
  const { connections, copies, call } = createFetchPlane(config, telemetry);

  const source = await openSupergraph<GatewayGeneration>({
    file: config.supergraph.file,
    pollMs: config.supergraph.pollEvery,
    telemetry,
    build: (sdl) => buildGeneration(sdl, { config, telemetry, call }),
    onStopped: () => keepNeededConnections(),
  });
  const keepNeededConnections = () => {
    const addresses = source.generations.alive.flatMap(({ origins }) => origins);
    connections.keepOnly(new Set([...copies.origins(), ...addresses]));
  };
  const urls = await openUrls(config, telemetry, (given) => {
    copies.setOverrides(given);
    keepNeededConnections();
  });

  const answer = createAnswerOperation(
    operationStages({
      telemetry,
      persisted: cache.persisted,
      documents: createDocuments({ refuseOverLimit: (text) => void checkDocument(text, config.limits) }),
      lease: () => {
        const { generation, release } = source.generations.lease();
        return { host: generation.host, release };
      },
      store: cache.answers,
      maxAgeMs: config.responseCache.maxAge,
    }),
  );
  const service = await createService({
    name: 'gateway',
    telemetry,
    host: config.http.host,
    port: config.http.port,
    handler: createHandler({
      stages: httpStages({
        path: config.http.path,
        telemetry,
        cors: config.cors,
        forward: config.headers.forward,
        verifyToken,
        consoleDirectory: config.mode === 'development' ? config.console.directory : undefined,
      }),
      maxBodyBytes: config.http.maxBodyBytes,
      operationTimeoutMs: config.traffic.operationTimeout,
      answer,
    }),
    async onStop() {
      urls?.stop();
      await source.stop();
      await connections.stop();
      await cache.stop();
    },
  });
  return {
    url: service.url + config.http.path,
    service,
    telemetry,
    get supergraph() {
      return source.generations.current.id;
    },
    async reload() {
      await Promise.all([source.reload(), urls?.reload()]);
    },
    async stop() {
      await service.stop();
      await telemetry.stop();
    },
  };
}

function createFetchPlane(config: GatewayConfig, telemetry: Telemetry) {
  const { traffic } = config;
  const secrets = config.secrets?.map((secret) => secret.reveal());
  const signer = secrets === undefined ? undefined : createRequestSigner(secrets);
  const tokens = secrets === undefined ? undefined : createUserTokens(secrets);
  const connections = createConnections(traffic);
  const copies = createCopies({ ejectMs: traffic.ejectFor });
  const stages = fetchStages({
    telemetry,
    copies,
    timeoutMs: traffic.timeout,
    injectTrace: telemetry.injectTrace,
    userToken: tokens === undefined ? undefined : (user) => tokens.sign(user),
    sign: signer === undefined ? undefined : (request) => signer.sign(request),
  });
  return { connections, copies, call: createCallSubgraph(stages, createSend(connections, traffic)) };
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

async function openUrls(
  config: GatewayConfig,
  telemetry: Telemetry,
  onUrls: Parameters<typeof openSubgraphUrls>[0]['onUrls'],
) {
  const { subgraphUrlsFile: file, pollEvery: pollMs } = config.supergraph;
  return file === undefined ? undefined : await openSubgraphUrls({ file, pollMs, telemetry, onUrls });
}
