import { AsyncResource } from 'node:async_hooks';
import type { ConnectionOptions } from 'node:tls';
import type { Exchange } from './http1/exchange.ts';
import { OriginPool } from './http1/origin-pool.ts';

export interface Connections {
  /** Sends over a connection to the origin; waits for one when all are busy. */
  send(exchange: Exchange, to: { readonly origin: string; readonly subgraph: string }): void;
  /** Closes connections to other origins, after their requests in flight. */
  keepOnly(origins: ReadonlySet<string>): void;
  /** Breaks off whatever is in flight. */
  stop(): Promise<void>;
}

export interface Pipelining {
  readonly connections: number;
  readonly depth: number;
}

export interface ConnectionsOptions {
  /** To one origin. */
  readonly maxConnections: number;
  readonly maxResponseBytes: number;
  readonly connectTimeoutMs?: number;
  /** By the name of a subgraph, which then has connections of its own. */
  readonly pipelining?: Readonly<Record<string, Pipelining>>;
  /** For https: origins, beside what Node knows. */
  readonly tls?: ConnectionOptions;
  readonly lookup?: ConnectionOptions['lookup'];
}

const CONNECT_TIMEOUT_MS = 2_000;
const READ_BUFFER_BYTES = 256 * 1_024;
const OWN_READ_BUFFER_BYTES = 64 * 1_024;

/** Shared by all generations: a swap of the supergraph neither opens nor closes a connection to a subgraph that stays. */
export function createConnections(options: ConnectionsOptions): Connections {
  const pools = new Map<string, { readonly origin: string; readonly pool: OriginPool }>();
  const resource = new AsyncResource('weft.connections');
  // one for all: what is read is taken out of it before anything else can be read; but Windows reads ahead into each
  const shared = process.platform === 'win32' ? undefined : Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const readBuffer = (): Buffer => shared ?? Buffer.allocUnsafeSlow(OWN_READ_BUFFER_BYTES);
  let isStopped = false;
  const open = (origin: string, pipelining: Pipelining | undefined): OriginPool => {
    const { protocol, hostname, port } = new URL(origin);
    const isTls = protocol === 'https:';
    const host = hostname.replace(/^\[|\]$/g, '');
    return new OriginPool({
      host,
      port: Number(port || (isTls ? 443 : 80)),
      tls: isTls
        ? { servername: /^[\d.]+$|:/.test(host) ? '' : host, ALPNProtocols: ['http/1.1'], ...options.tls }
        : undefined,
      lookup: options.lookup,
      connectTimeoutMs: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
      mostResponseBytes: options.maxResponseBytes,
      readBuffer,
      maxConnections: pipelining?.connections ?? options.maxConnections,
      pipelining: pipelining?.depth ?? 1,
      outside: (work) => resource.runInAsyncScope(work),
    });
  };
  return {
    send(exchange, { origin, subgraph }) {
      if (isStopped) {
        const cause = new Error('the gateway has stopped');
        return exchange.onFailure({ kind: 'unreached', blameless: false, cause });
      }
      const pipelining = options.pipelining?.[subgraph];
      const name = pipelining === undefined ? origin : `${origin} ${subgraph}`;
      let known = pools.get(name);
      if (known === undefined) {
        known = { origin, pool: open(origin, pipelining) };
        pools.set(name, known);
      }
      known.pool.send(exchange);
    },
    keepOnly(origins) {
      for (const [name, { origin, pool }] of pools) {
        if (origins.has(origin)) continue;
        pools.delete(name);
        pool.close();
      }
    },
    async stop() {
      isStopped = true;
      const all = [...pools.values()];
      pools.clear();
      for (const { pool } of all) pool.destroy();
    },
  };
}
