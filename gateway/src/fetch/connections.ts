import { Pool } from 'undici';

export interface Connections {
  /** Pool of keep-alive connections to one origin, made at the first use. */
  to(origin: string): Pool;
  /** Closes pools of other origins, after their requests in flight. */
  keepOnly(origins: ReadonlySet<string>): void;
  stop(): Promise<void>;
}

/** Shared by all generations: a swap of the supergraph neither opens nor closes a connection to a subgraph that stays. */
export function createConnections(options: { readonly maxConnections: number }): Connections {
  const pools = new Map<string, Pool>();
  return {
    to(origin) {
      const known = pools.get(origin);
      if (known !== undefined) return known;
      const pool = new Pool(origin, {
        connections: options.maxConnections,
        pipelining: 1,
        connect: { timeout: 2_000 },
        // the deadline stage bounds the whole exchange; two timers more per request would only cost
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      pools.set(origin, pool);
      return pool;
    },
    keepOnly(origins) {
      for (const [origin, pool] of pools) {
        if (origins.has(origin)) continue;
        pools.delete(origin);
        void pool.close().catch(() => undefined); // a pool that is destroyed meanwhile has nothing left to close
      }
    },
    async stop() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.destroy()));
    },
  };
}
