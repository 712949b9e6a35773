import { fileURLToPath } from 'node:url';
import { byteSize, duration, httpUrl, loadConfig, redisUrl, secret, secretList } from '@weft/config';
import { UserError } from '@weft/errors';
import { documentLimits } from '@weft/service';
import { z } from 'zod';
import { peers } from './peers.ts';

const cache = z
  .strictObject({
    size: byteSize('32MiB').describe('Most memory that cached rows take in one process.'),
    redisUrl: redisUrl().optional().describe('A second level of the cache, shared by all processes. None when absent.'),
  })
  .prefault({})
  .describe('Rows kept between requests.');

const database = z
  .strictObject({
    fleetFile: z.string().min(1).describe('File with the addresses of the shards.'),
    shardMapFile: z.string().min(1).describe('File that says which shard holds which buckets.'),
    role: z.string().min(1).describe('Role to sign in as: the runtime role, never the owner.'),
    password: secret().describe('Of that role.'),
    statementTimeout: duration('2s', { min: '10ms', max: '60s' }).describe('Longest that one statement may run.'),
    maxConnections: z.int().min(1).max(200).default(6).describe('Most connections of one process to one server.'),
    maxLag: duration('5s', { min: '100ms' }).describe('A replica farther behind its primary than this is not read.'),
  })
  .describe('The shards and how they are used.');

const slo = z
  .strictObject({
    availability: z.number().min(50).max(100).describe('Share of requests without an error of ours, in percent.'),
    latencyP99: duration().describe('99 of 100 requests are answered within this.'),
  })
  .describe(
    'What the owner promises its callers. Said here and read by people: the alert rules look at the whole graph.',
  );

/** subgraph.yaml, with the variables of the process over it. */
export const subgraphSettings = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/)
    .describe('Name in the supergraph.'),
  owner: z.string().min(1).describe('The team that answers for it.'),
  slo,
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).describe('Port to listen on; 0 takes a free one.'),
  workerPort: z
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe("Port of the worker's health and metrics; 0 takes a free one."),
  metricsPort: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'Port of the subgraph that serves /metrics and nothing else; 0 takes a free one. Absent: /metrics is on `port`, which no client should reach.',
    ),
  mode: z
    .enum(['development', 'production'])
    .default('production')
    .describe('Introspection is on in development only.'),
  instance: z.string().min(1).optional().describe('Name of this process in traces and metrics.'),
  secrets: secretList({ minLength: 16 }).describe('Shared with the gateways; requests are signed with the first.'),
  peers: peers()
    .default({})
    .describe('Processes that the worker sends to, with their addresses: other subgraphs, and what jobs ask.'),
  requestTimeout: duration('10s', { min: '100ms' }).describe(
    'Longest that a request may take when the gateway names no deadline.',
  ),
  otlpUrl: httpUrl().optional().describe('Where traces are sent. None are when absent.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
  cache,
  database,
  maxBodyBytes: byteSize('2MiB', { min: '1KiB' }).describe('Largest request body: a document and its representations.'),
  limits: documentLimits.prefault({}),
});

export type SubgraphSettings = z.output<typeof subgraphSettings>;

/** Which variable of the environment stands for which key. */
export const SUBGRAPH_VARIABLES = {
  WEFT_HOST: 'host',
  WEFT_PORT: 'port',
  WEFT_WORKER_PORT: 'workerPort',
  WEFT_METRICS_PORT: 'metricsPort',
  WEFT_MODE: 'mode',
  WEFT_INSTANCE: 'instance',
  WEFT_SECRETS: 'secrets',
  WEFT_PEERS: 'peers',
  WEFT_FLEET_FILE: 'database.fleetFile',
  WEFT_SHARD_MAP_FILE: 'database.shardMapFile',
  WEFT_DATABASE_ROLE: 'database.role',
  WEFT_DATABASE_PASSWORD: 'database.password',
  WEFT_CACHE_SIZE: 'cache.size',
  WEFT_REDIS_URL: 'cache.redisUrl',
  WEFT_OTLP_URL: 'otlpUrl',
  WEFT_LOG_LEVEL: 'logLevel',
} as const;

/**
 * The settings of a subgraph's process: subgraph.yaml, the environment over it. Throws UserError with every problem at
 * once, also when the file is that of another subgraph.
 */
export function loadSubgraphSettings(
  subgraph: { readonly name: string; readonly directory: URL },
  environment?: NodeJS.ProcessEnv,
): SubgraphSettings {
  const file = fileURLToPath(new URL('subgraph.yaml', subgraph.directory));
  const settings = loadConfig({
    schema: subgraphSettings,
    file,
    env: SUBGRAPH_VARIABLES,
    ...(environment && { environment }),
  });
  if (settings.name !== subgraph.name) {
    throw new UserError(`${file}: name is ${settings.name}, but this is the subgraph ${subgraph.name}.`, {
      code: 'CONFIG_INVALID',
    });
  }
  return settings;
}
