import { Client, type ClientConfig } from 'pg';
import { NoAnswer } from './failure.ts';

const ANSWER_MS = 1_000;
const RECONNECT_MS = 10;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;

/** What a probe found. */
export interface Probe {
  readonly inRecovery: boolean;
  /** Bytes of the write-ahead log: written (primary) or replayed (replica). */
  readonly position: number;
  /** The moment before the server was asked. */
  readonly askedAt: number;
}

export interface MonitorEvents {
  onProbe(probe: Probe): void;
  /** It does not answer. Once, until it was reached again. */
  onDown(error: unknown): void;
  /** The channels are listened to from now on. After every (re)connection. */
  onListening(channel: string): void;
  /** The connection is gone: until `onListening` nothing is heard. */
  onDeaf(): void;
  onNotification(channel: string, payload: string): void;
}

export interface ServerMonitor {
  /** Listens to one more channel, now and after every reconnection. */
  listen(channel: string): void;
  stop(): Promise<void>;
}

const PROBE = `select pg_is_in_recovery() as in_recovery,
  (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end - '0/0')::float8 as position`;

/**
 * One connection to a server, outside of its pool, so that a full pool is not taken for a dead server: it listens for
 * notifications and is asked for the log position every `everyMs`. It comes back by itself, for ever.
 */
export function startServerMonitor(settings: ClientConfig, everyMs: number, events: MonitorEvents): ServerMonitor {
  const channels = new Set<string>();
  let client: Client | undefined;
  let stopped = false;
  let reached = false;
  let wake: () => void = () => {};

  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const listenOn = async (connected: Client, channel: string): Promise<void> => {
    await answerOf(connected.query(`listen ${connected.escapeIdentifier(channel)}`));
    events.onListening(channel);
  };

  /** Ends by throwing when the server stops to answer. */
  const attend = async (connected: Client): Promise<never> => {
    let lost: unknown;
    connected.on('error', (error) => {
      lost = error;
      wake();
    });
    connected.on('notification', ({ channel, payload }) => events.onNotification(channel, payload ?? ''));
    await connected.connect();
    for (const channel of channels) await listenOn(connected, channel);
    client = connected;
    for (;;) {
      const askedAt = Date.now();
      const { rows } = await answerOf(connected.query<{ in_recovery: boolean; position: number }>(PROBE));
      const row = rows[0];
      if (row !== undefined) events.onProbe({ inRecovery: row.in_recovery, position: row.position, askedAt });
      reached = true;
      await sleep(everyMs);
      if (lost !== undefined || stopped) throw lost ?? new Error('stopped');
    }
  };

  const watch = async (): Promise<void> => {
    let retryMs = FIRST_RETRY_MS;
    let told = false;
    while (!stopped) {
      reached = false;
      const connected = new Client({ ...settings, connectionTimeoutMillis: ANSWER_MS });
      const error = await attend(connected).catch((reason: unknown) => reason);
      client = undefined;
      connected.end().catch(() => {});
      if (stopped) return;
      events.onDeaf();
      if (reached) {
        retryMs = FIRST_RETRY_MS;
        told = false;
      }
      // One backend may end while its server is well, so a connection that answered is first made anew.
      const silent = !reached || error instanceof NoAnswer;
      if (silent && !told) {
        events.onDown(error);
        told = true;
      }
      await sleep(silent ? retryMs : RECONNECT_MS);
      if (silent) retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  };
  const watching = watch();

  return {
    listen(channel) {
      if (channels.has(channel)) return;
      channels.add(channel);
      const connected = client;
      if (connected !== undefined) listenOn(connected, channel).catch(() => {});
    },
    async stop() {
      stopped = true;
      wake();
      await watching;
    },
  };
}

/** A probe is trivial, so a server that does not answer it in this time answers nobody. */
async function answerOf<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer to a probe in ${ANSWER_MS} ms`)), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
