import { createRequestSigner, createUserTokens } from '@weft/service';
import type { Telemetry } from '@weft/telemetry';
import type { TrafficConfig } from '../config/traffic.ts';
import type { CallBytes, CallSubgraph } from '../subgraph-call.ts';
import { textsOverBytes } from './call-texts.ts';
import { type Connections, type ConnectionsOptions, createConnections } from './connections.ts';
import { type Copies, createCopies } from './copies.ts';
import { createDeadlines } from './deadlines.ts';
import { createSend } from './send.ts';
import { createCallBytes, fetchStages } from './stages.ts';

/** The gateway's way to its subgraphs, shared by all generations. */
export interface FetchPlane {
  readonly callBytes: CallBytes;
  readonly call: CallSubgraph;
  readonly copies: Copies;
  readonly connections: Connections;
}

export interface FetchPlaneOptions {
  readonly traffic: TrafficConfig;
  readonly telemetry: Telemetry;
  /** Of the gateway and its subgraphs, the first one signs; absent: subgraphs are not told who asks. */
  readonly secrets: readonly string[] | undefined;
  readonly connect?: Pick<ConnectionsOptions, 'tls' | 'lookup'>;
}

export function createFetchPlane({ traffic, telemetry, secrets, connect }: FetchPlaneOptions): FetchPlane {
  const signer = secrets === undefined ? undefined : createRequestSigner(secrets);
  const tokens = secrets === undefined ? undefined : createUserTokens(secrets);
  const connections = createConnections({ ...traffic, ...connect });
  const copies = createCopies({ ejectMs: traffic.ejectFor });
  const stages = fetchStages({
    telemetry,
    copies,
    deadlines: createDeadlines(),
    timeoutMs: traffic.timeout,
    deduplicate: traffic.deduplicate,
    breakAfter: traffic.breakAfter,
    breakForMs: traffic.breakFor,
    injectTrace: telemetry.injectTrace,
    userToken: tokens === undefined ? undefined : (user) => tokens.sign(user),
    sign: signer === undefined ? undefined : (request) => signer.sign(request),
  });
  const callBytes = createCallBytes(stages, createSend(connections, traffic));
  return { callBytes, call: textsOverBytes(callBytes), copies, connections };
}
