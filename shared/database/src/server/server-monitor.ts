import { Client, type ClientConfig } from 'pg';
import { NoAnswer } from './failure.ts';

const ANSWER_MS = 2_000;
const RECONNECT_MS = 10;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;

/** What a probe found. */
export interface Probe {
  readonly inRecovery: boolean;
  /** Of a primary: grows by one with every promotion. Undefined for a replica. */
  readonly timeline: number | undefined;
  /** Bytes of the write-ahead log: written (primary) or replayed (replica). */
  readonly position: number;
  /** The moment before the server was asked. */
  readonly askedAt: number;
}

export interface MonitorEvents {
  onProbe(probe: Probe): void;
  /** It does not answer. Once, until it was reached again. */
  onDown(error: unknown): void;
  /** The channel is listened to from now on. After every (re)connection to a primary; a replica cannot be listened to. */
  onListening(channel: string): void;
  /** The connection is gone: until `onListening` nothing is heard. */
  onDeaf(): void;
  onNotification(channel: string, payload: string): void;
}

export interface ServerMonitor {
  /** Names its connection anew. */
  rename(): void;
  /** Listens to one more channel, now and after every reconnection. */
  listen(channel: string): void;
  stop(): Promise<void>;
}

/** The first eight digits of a name of a file of the write-ahead log are its timeline. */
const PROBE = `select pg_is_in_recovery() as in_recovery,
  case when not pg_is_in_recovery() then substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) end as timeline,
  (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end - '0/0')::float8 as position`;

interface Watch {
  readonly settings: ClientConfig;
  /** `application_name` of the connection. */
  readonly nameNow: () => string;
  readonly everyMs: number;
  readonly events: MonitorEvents;
  readonly channels: Set<string>;
  readonly pause: ReturnType<typeof createPause>;
  /** The connection of now, while it is one to a primary: what can be listened on. */
  primary: Client | undefined;
  stopped: boolean;
}

/**
 * One connection to a server, outside of its pool, so that a full pool is not taken for a dead server: it listens for
 * notifications and is asked for the log position every `everyMs`. It comes back by itself, for ever.
 */
export function startServerMonitor(
  settings: ClientConfig,
  everyMs: number,
  events: MonitorEvents,
  nameNow: () => string,
): ServerMonitor {
  const channels = new Set<string>();
  const watch: Watch = {
    nameNow,
    settings,
    everyMs,
    events,
    channels,
    pause: createPause(),
    primary: undefined,
    stopped: false,
  };
  const watching = attendForEver(watch);
  return {
    rename() {
      if (watch.primary !== undefined) nameClient(watch.primary, nameNow()).catch(() => {});
    },
    listen(channel) {
      if (channels.has(channel)) return;
      channels.add(channel);
      // One that is not known yet to be a primary listens to all channels as soon as it is.
      if (watch.primary !== undefined) listenOn(watch.primary, channel, events).catch(() => {});
    },
    async stop() {
      watch.stopped = true;
      watch.pause.end();
      await watching;
    },
  };
}

async function attendForEver(watch: Watch): Promise<void> {
  const { settings, events, pause } = watch;
  let retryMs = FIRST_RETRY_MS;
  let told = false;
  while (!watch.stopped) {
    const { reached, error } = await attend(watch, new Client({ ...settings, connectionTimeoutMillis: ANSWER_MS }));
    if (watch.stopped) return;
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
}

/** Runs until the server stops to answer; then gives the reason, and whether it ever answered. */
async function attend(watch: Watch, client: Client): Promise<{ reached: boolean; error: unknown }> {
  const { events, pause, channels } = watch;
  let reached = false;
  let lost: unknown;
  client.on('error', (error) => {
    lost = error;
    pause.end();
  });
  client.on('notification', ({ channel, payload }) => events.onNotification(channel, payload ?? ''));
  try {
    await client.connect();
    while (lost === undefined && !watch.stopped) {
      const found = await probe(client);
      events.onProbe(found);
      reached = true;
      if (!found.inRecovery && watch.primary === undefined) {
        watch.primary = client;
        await nameClient(client, watch.nameNow());
        for (const channel of [...channels]) await listenOn(client, channel, events);
      }
      if (lost === undefined && !watch.stopped) await pause.take(watch.everyMs);
    }
    return { reached, error: lost };
  } catch (error) {
    return { reached, error };
  } finally {
    watch.primary = undefined;
    client.end().catch(() => {});
  }
}

async function nameClient(client: Client, name: string): Promise<void> {
  await answerOf(client.query({ text: `select set_config('application_name', $1, false)`, values: [name] }));
}

async function listenOn(client: Client, channel: string, events: MonitorEvents): Promise<void> {
  await answerOf(client.query(`listen ${client.escapeIdentifier(channel)}`));
  events.onListening(channel);
}

interface ProbeRow {
  readonly in_recovery: boolean;
  readonly timeline: string | null;
  readonly position: number;
}

async function probe(client: Client): Promise<Probe> {
  const askedAt = Date.now();
  const { rows } = await answerOf(client.query<ProbeRow>(PROBE));
  const [row] = rows;
  if (row === undefined) throw new NoAnswer('a probe gave no row');
  const timeline = row.timeline === null ? undefined : Number.parseInt(row.timeline, 16);
  return { inRecovery: row.in_recovery, timeline, position: row.position, askedAt };
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
