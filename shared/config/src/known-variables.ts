import { nearestKey } from './nearest-key.ts';
import type { Problem } from './problem.ts';

/**
 * Every variable of Weft: gateway, subgraphs, workers and tests. One environment can serve several of them, so a process
 * takes those of the others without a word; a name that none of them reads is refused as a misspelt key is.
 */
export const KNOWN_VARIABLES: readonly string[] = [
  'WEFT_CACHE_SIZE',
  'WEFT_CONSOLE_DIRECTORY',
  'WEFT_CORPUS',
  'WEFT_DATABASE_PASSWORD',
  'WEFT_DATABASE_ROLE',
  'WEFT_FLEET_FILE',
  'WEFT_HOST',
  'WEFT_INSTANCE',
  'WEFT_JWKS_FILE',
  'WEFT_JWT_AUDIENCE',
  'WEFT_JWT_ISSUER',
  'WEFT_JWT_SECRET',
  'WEFT_LOG_LEVEL',
  'WEFT_METRICS_HOST',
  'WEFT_METRICS_PORT',
  'WEFT_MODE',
  'WEFT_OPERATIONS_DIRECTORY',
  'WEFT_OTLP_URL',
  'WEFT_PAYMENTS_FAULTS',
  'WEFT_PAYMENTS_LEDGER',
  'WEFT_PAYMENTS_ORDERS',
  'WEFT_PEERS',
  'WEFT_PORT',
  'WEFT_REDIS_URL',
  'WEFT_REQUIRE_TOOLS',
  'WEFT_SECRETS',
  'WEFT_SHARD_MAP_FILE',
  'WEFT_SUBGRAPH_URLS_FILE',
  'WEFT_SUPERGRAPH_FILE',
  'WEFT_UNSIGNED',
  'WEFT_WORKERS',
  'WEFT_WORKER_PORT',
];

/** What Kubernetes puts into every container for a Service whose name begins with "weft": nobody wrote it. */
const OF_KUBERNETES = /_SERVICE_(HOST|PORT)(_\w+)?$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/** A problem for each variable that has our prefix and is nobody's. Values are never shown: one can be a secret. */
export function unknownVariables(
  environment: NodeJS.ProcessEnv,
  readHere: readonly string[],
  known: readonly string[] = KNOWN_VARIABLES,
): Problem[] {
  return Object.keys(environment).flatMap((name) => {
    if (!name.startsWith('WEFT_') || known.includes(name) || readHere.includes(name) || OF_KUBERNETES.test(name))
      return [];
    const near = nearestKey(name, readHere, []) ?? nearestKey(name, known, []);
    const hint = near === undefined ? `known here: ${readHere.join(', ')}` : `did you mean ${near}?`;
    return [{ place: name, text: `unknown variable; ${hint}` }];
  });
}
