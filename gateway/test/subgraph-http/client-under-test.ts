import type { ConnectionOptions } from 'node:tls';
import type { Identity } from '@weft/service';
import { createTelemetry } from '@weft/telemetry';
import { traffic } from '../../src/config/traffic.ts';
import { createFetchPlane } from '../../src/fetch/plane.ts';
import type { OperationContext } from '../../src/operation-context.ts';
import type { CallSubgraph } from '../../src/subgraph-call.ts';

export interface ClientOptions {
  /** As in gateway.yaml. */
  readonly traffic?: Readonly<Record<string, unknown>>;
  readonly tls?: ConnectionOptions;
  readonly lookup?: ConnectionOptions['lookup'];
  /** Subgraphs are told who asks. */
  readonly secrets?: readonly string[];
}

/** A way to subgraphs with every stage of the gateway. */
export interface Client {
  readonly call: CallSubgraph;
  stop(): Promise<void>;
}

export type OpenClient = (options?: ClientOptions) => Client;

export const openOurs: OpenClient = ({ traffic: given, secrets, ...connect } = {}) => {
  const plane = createFetchPlane({
    traffic: trafficOf(given),
    telemetry: createTelemetry({ service: 'test', logLevel: 'silent' }),
    secrets,
    connect,
  });
  return { call: plane.call, stop: () => plane.connections.stop() };
};

/** Small bounds; no circuit opens. */
export function trafficOf(given: ClientOptions['traffic']) {
  return traffic.parse({ timeout: '2s', maxResponseBytes: '64KiB', breakAfter: 1_000, ejectFor: '1ms', ...given });
}

export interface Ask {
  readonly type?: 'query' | 'mutation';
  readonly body?: string;
  readonly signal?: AbortSignal;
  readonly forwardedHeaders?: Readonly<Record<string, string>>;
  readonly user?: Identity;
  /** As little as is left of the operation. */
  readonly leftMs?: number;
}

/** The text of the answer, or the code of the error. */
export async function ask(client: Client, url: string, given: Ask = {}): Promise<string> {
  const context: OperationContext = {
    user: given.user ?? null,
    forwardedHeaders: given.forwardedHeaders ?? {},
    signal: given.signal ?? new AbortController().signal,
    deadlineMs: performance.now() + (given.leftMs ?? 10_000),
    cacheHints: { add: () => undefined },
  };
  const { type = 'query', body = '{"query":"{a}"}' } = given;
  return await client.call({ subgraph: 'a', address: url, type, body, path: '', context }).then(
    ({ status, text }) => (status === 200 ? text : `${status} ${text}`),
    (error: { readonly code?: string }) => error.code ?? String(error),
  );
}
