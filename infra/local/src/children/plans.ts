import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '@weft/config';
import { PASSED_ON } from '../command/variables.ts';
import { COMPILE_CACHE, inClone } from '../data/clone.ts';
import type { DataFolder } from '../data/data-folder.ts';
import type { AcceptedTokens } from '../data/token-issuer.ts';
import type { ChildPlan } from './child.ts';

/** What every process of one graph is told. */
export interface GraphSettings {
  readonly folder: DataFolder;
  readonly mode: 'development' | 'production';
  readonly secrets: readonly string[];
  readonly fleetFile: string;
  /** Undefined: the gateways refuse every token. */
  readonly accepted?: AcceptedTokens | undefined;
  readonly redisUrl?: string | undefined;
  readonly otlpUrl?: string | undefined;
  readonly paymentFaults?: string | undefined;
}

/** Name of the payment provider among the processes, and for the workers that ask it. */
export const PAYMENTS = 'payments';

/** One process of a subgraph. */
export function subgraphPlan(
  subgraph: string,
  { copy, port, password }: { readonly copy: number; readonly port: number; readonly password: string },
  settings: GraphSettings,
): ChildPlan {
  const name = copyName(subgraph, copy);
  return {
    ...place(name, settings),
    kind: 'subgraph',
    of: subgraph,
    program: inClone(`subgraphs/${subgraph}/src/main.ts`),
    environment: { ...databaseVariables(name, subgraph, password, settings), WEFT_PORT: String(port) },
  };
}

/** The worker of a subgraph; undefined for a subgraph without one. */
export function workerPlan(
  subgraph: string,
  { password, peers }: { readonly password: string; readonly peers: string },
  settings: GraphSettings,
): ChildPlan | undefined {
  const program = inClone(`subgraphs/${subgraph}/src/worker.ts`);
  if (!existsSync(program)) return undefined;
  const name = `${subgraph}-worker`;
  return {
    ...place(name, settings),
    kind: 'worker',
    of: subgraph,
    program,
    environment: {
      ...databaseVariables(name, subgraph, password, settings),
      ...{ WEFT_PORT: '0', WEFT_WORKER_PORT: '0', WEFT_PEERS: peers },
    },
  };
}

/** The provider that orders are charged by: one that is only played, with books of its own in the data folder. */
export function paymentsPlan(
  { port, orders }: { readonly port: number; readonly orders: string },
  settings: GraphSettings,
): ChildPlan {
  const name = PAYMENTS;
  return {
    ...place(name, settings),
    kind: 'worker',
    of: name,
    program: inClone('infra/payments/src/main.ts'),
    environment: {
      ...commonVariables(name, settings),
      WEFT_PORT: String(port),
      WEFT_PAYMENTS_LEDGER: settings.folder.ledger,
      WEFT_PAYMENTS_ORDERS: orders,
      ...(settings.paymentFaults === undefined ? {} : { WEFT_PAYMENTS_FAULTS: settings.paymentFaults }),
    },
  };
}

/** One gateway process. */
export function gatewayPlan(
  {
    copy,
    port,
    metricsPort,
    console,
    sharesAddress,
  }: {
    readonly copy: number;
    readonly port: number;
    /** Undefined: metrics are beside all else. */
    readonly metricsPort: number | undefined;
    readonly console: boolean;
    readonly sharesAddress: boolean;
  },
  settings: GraphSettings,
): ChildPlan {
  const name = copyName('gateway', copy);
  const { folder, accepted } = settings;
  return {
    ...place(name, settings),
    kind: 'gateway',
    of: 'gateway',
    sharesAddress,
    ...(metricsPort === undefined ? {} : { metricsUrl: `http://127.0.0.1:${metricsPort}` }),
    program: inClone('gateway/src/main.ts'),
    environment: {
      ...commonVariables(name, settings),
      WEFT_PORT: String(port),
      WEFT_SUPERGRAPH_FILE: folder.supergraph,
      WEFT_SUBGRAPH_URLS_FILE: folder.subgraphUrls,
      ...(metricsPort === undefined ? {} : { WEFT_METRICS_PORT: String(metricsPort) }),
      WEFT_OPERATIONS_DIRECTORY: inClone('schema/operations'),
      ...(accepted === undefined
        ? {}
        : {
            WEFT_JWKS_FILE: accepted.jwksFile,
            WEFT_JWT_ISSUER: accepted.issuer,
            WEFT_JWT_AUDIENCE: accepted.audience,
          }),
      ...(console ? { WEFT_CONSOLE_DIRECTORY: folder.console } : {}),
    },
  };
}

const copyName = (of: string, copy: number): string => (copy === 1 ? of : `${of}-${copy}`);

const place = (name: string, { folder }: GraphSettings): { name: string; log: string } => ({
  name,
  log: join(folder.logs, `${name}.log`),
});

function databaseVariables(
  name: string,
  subgraph: string,
  password: string,
  settings: GraphSettings,
): NodeJS.ProcessEnv {
  return {
    ...commonVariables(name, settings),
    WEFT_FLEET_FILE: settings.fleetFile,
    WEFT_SHARD_MAP_FILE: settings.folder.shardMap,
    WEFT_DATABASE_ROLE: `${subgraph}_runtime`,
    WEFT_DATABASE_PASSWORD: password,
  };
}

/** The user's environment without what is ours to say; the log level alone may come from there. */
function commonVariables(name: string, { mode, secrets, redisUrl, otlpUrl }: GraphSettings): NodeJS.ProcessEnv {
  const inherited = Object.entries(environment()).filter(([key]) => !key.startsWith('WEFT_') || key === PASSED_ON);
  return {
    ...Object.fromEntries(inherited),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    WEFT_HOST: '127.0.0.1',
    WEFT_MODE: mode,
    WEFT_INSTANCE: name,
    WEFT_SECRETS: secrets.join(','),
    ...(redisUrl === undefined ? {} : { WEFT_REDIS_URL: redisUrl }),
    ...(otlpUrl === undefined ? {} : { WEFT_OTLP_URL: otlpUrl }),
  };
}
