import { Client, type ClientConfig } from 'pg';
import { NoAnswer } from './failure.ts';

const ANSWER_MS = 2_000;
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
  const pause = createPause();
  let current: Client | undefined;
  let stopped = false;

  /** Runs until the server stops to answer; then gives the reason, and whether it ever answered. */
  const attend = async (client: Client): Promise<{ reached: boolean; error: unknown }> => {
    let reached = false;
    let lost: unknown;
    client.on('error', (error) => {
      lost = error;
      pause.end();
    });
    client.on('notification', ({ channel, payload }) => events.onNotification(channel, payload ?? ''));
    try {
      await client.connect();
      for (const channel of channels) await listenOn(client, channel, events);
      current = client;
      while (lost === undefined && !stopped) {
        events.onProbe(await probe(client));
        reached = true;
        if (lost === undefined && !stopped) await pause.take(everyMs);
      }
      return { reached, error: lost };
    } catch (error) {
      return { reached, error };
    } finally {
      current = undefined;
      client.end().catch(() => {});
    }
  };

  const watch = async (): Promise<void> => {
    let retryMs = FIRST_RETRY_MS;
    let told = false;
    while (!stopped) {
      const { reached, error } = await attend(new Client({ ...settings, connectionTimeoutMillis: ANSWER_MS }));
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
      await pause.take(silent ? retryMs : RECONNECT_MS);
      if (silent) retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    }
  };
  const watching = watch();

  return {
    listen(channel) {
      if (channels.has(channel)) return;
      channels.add(channel);
      // One that is being connected listens to all channels before it is the current one.
      if (current !== undefined) listenOn(current, channel, events).catch(() => {});
    },
    async stop() {
      stopped = true;
      pause.end();
      await watching;
    },
  };
}

async function listenOn(client: Client, channel: string, events: MonitorEvents): Promise<void> {
  await answerOf(client.query(`listen ${client.escapeIdentifier(channel)}`));
  events.onListening(channel);
}

async function probe(client: Client): Promise<Probe> {
  const askedAt = Date.now();
  const { rows } = await answerOf(client.query<{ in_recovery: boolean; position: number }>(PROBE));
  const [row] = rows;
  if (row === undefined) throw new NoAnswer('a probe gave no row');
  return { inRecovery: row.in_recovery, position: row.position, askedAt };
}

/** A wait that can be ended early. */
function createPause() {
  let end = (): void => {};
  return {
    take: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: (): void => end(),
  };
}

/** A probe is trivial, so a server that does not answer it in this time answers nobody. */
async function answerOf<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new NoAnswer(`no answer to a probe in ${ANSWER_MS} ms`));
    // What came while this process itself was busy is read first.
    timer = setTimeout(() => setImmediate(giveUp), ANSWER_MS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
