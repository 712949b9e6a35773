import { type ClientConfig, Pool, type PoolClient } from 'pg';
import { createConnectionSlots } from './connection-slots.ts';

const LONGEST_WAIT_MS = 250;
/** Longer than any caller waits: on a busy machine a connection may be late, and then it is there for the next one. */
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 30_000;

export interface Held {
  readonly client: PoolClient;
  /** Exactly once. A broken connection is closed and not used again. */
  giveBack(broken: boolean): void;
}

export interface Connections {
  /** A connection of the caller's own: DATABASE_BUSY after 250 ms in the queue, pg's error when the server takes none. */
  take(): Promise<Held>;
  stop(): Promise<void>;
}

export function createConnections(
  settings: ClientConfig,
  options: { readonly max: number; readonly onWaiting: (waiting: number) => void },
): Connections {
  const pool = new Pool({
    ...settings,
    max: options.max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
  });
  // Connections that break while idle are the pool's to replace, and those in use fail their statement;
  // without listeners either would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const slots = createConnectionSlots({
    max: options.max,
    longestWaitMs: LONGEST_WAIT_MS,
    onWaiting: options.onWaiting,
  });
  return {
    async take() {
      const taken = slots.take();
      const release = typeof taken === 'function' ? taken : await taken;
      try {
        const client = await pool.connect();
        return {
          client,
          giveBack(broken) {
            client.release(broken);
            release();
          },
        };
      } catch (error) {
        release();
        throw error;
      }
    },
    stop: () => pool.end(),
  };
}
