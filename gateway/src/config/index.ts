import { loadConfig } from '@weft/config';
import { UserError } from '@weft/errors';
import { z } from 'zod';
import { authentication } from './authentication.ts';
import { codeGeneration } from './code-generation.ts';
import { console } from './console.ts';
import { cors } from './cors.ts';
import { demandControl } from './demand-control.ts';
import { engine } from './engine.ts';
import { errors } from './errors.ts';
import { headers } from './headers.ts';
import { http } from './http.ts';
import { limits } from './limits.ts';
import { mode } from './mode.ts';
import { planning } from './planning.ts';
import { responseCache } from './response-cache.ts';
import { secrets } from './secrets.ts';
import { supergraph } from './supergraph.ts';
import { telemetry } from './telemetry.ts';
import { traffic } from './traffic.ts';
import { unsigned } from './unsigned.ts';
import { workers } from './workers.ts';

/** gateway.yaml. One file a key; docs/config.md is printed from it. */
export const gatewayConfig = z.strictObject({
  mode,
  http,
  workers,
  supergraph,
  engine,
  codeGeneration,
  planning,
  secrets,
  unsigned,
  traffic,
  limits,
  demandControl,
  headers,
  authentication,
  cors,
  responseCache,
  errors,
  telemetry,
  console,
});

export type GatewayConfig = z.output<typeof gatewayConfig>;
/** What a file or a test may write: everything with a default can be left out. */
export type GatewayConfigInput = z.input<typeof gatewayConfig>;

/** Variables that stand for keys; a variable wins over the file. */
export const GATEWAY_VARIABLES = {
  WEFT_MODE: 'mode',
  WEFT_HOST: 'http.host',
  WEFT_PORT: 'http.port',
  WEFT_WORKERS: 'workers',
  WEFT_SUPERGRAPH_FILE: 'supergraph.file',
  WEFT_SUBGRAPH_URLS_FILE: 'supergraph.subgraphUrlsFile',
  WEFT_SECRETS: 'secrets',
  WEFT_UNSIGNED: 'unsigned',
  WEFT_REDIS_URL: 'responseCache.redisUrl',
  WEFT_JWKS_FILE: 'authentication.jwksFile',
  WEFT_JWT_SECRET: 'authentication.sharedSecret',
  WEFT_JWT_ISSUER: 'authentication.issuer',
  WEFT_JWT_AUDIENCE: 'authentication.audience',
  WEFT_OTLP_URL: 'telemetry.otlpUrl',
  WEFT_LOG_LEVEL: 'telemetry.logLevel',
  WEFT_INSTANCE: 'telemetry.instance',
  WEFT_METRICS_HOST: 'telemetry.metrics.host',
  WEFT_METRICS_PORT: 'telemetry.metrics.port',
  WEFT_OPERATIONS_DIRECTORY: 'telemetry.metrics.operationsDirectory',
  WEFT_CONSOLE_DIRECTORY: 'console.directory',
} as const;

/**
 * @throws UserError (CONFIG_INVALID) with every problem at once.
 */
export function loadGatewayConfig(
  options: { readonly file?: string; readonly environment?: NodeJS.ProcessEnv } = {},
): GatewayConfig {
  return checkTogether(checkSigning(loadConfig({ schema: gatewayConfig, env: GATEWAY_VARIABLES, ...options })));
}

/** A process of its own that signs nothing must have been told so: the subgraphs would refuse it, or worse, believe it. */
function checkSigning(config: GatewayConfig): GatewayConfig {
  if (config.mode !== 'production' || config.secrets !== undefined || config.unsigned) return config;
  throw new UserError(
    'secrets: missing, and in production every request to a subgraph is signed. Set secrets (WEFT_SECRETS) to those that the subgraphs have; in front of subgraphs that are not of Weft say unsigned: true (WEFT_UNSIGNED=true).',
    { code: 'CONFIG_INVALID' },
  );
}

/** The same from a value in the program, for tests and for the `weft` command. */
export function toGatewayConfig(input: GatewayConfigInput): GatewayConfig {
  const parsed = gatewayConfig.safeParse(input);
  if (!parsed.success) throw new UserError(z.prettifyError(parsed.error), { cause: parsed.error });
  return checkTogether(parsed.data);
}

/** Combinations that would be unsafe, each key alone being right. */
function checkTogether(config: GatewayConfig): GatewayConfig {
  const { mode: inMode, authentication: auth, cors: origins } = config;
  if (inMode !== 'production') return config;
  const hasIssuer = auth.jwksFile !== undefined || auth.sharedSecret !== undefined;
  const problems = [
    config.unsigned && config.secrets !== undefined
      ? 'unsigned cannot be true beside secrets: take one of them out.'
      : undefined,
    hasIssuer && (auth.issuer === undefined || auth.audience === undefined)
      ? 'authentication.issuer and authentication.audience must be set in production: without them a token made for something else is good here.'
      : undefined,
    origins.origins.includes('*') ? 'cors.origins cannot be "*" in production: name the origins.' : undefined,
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return config;
}
