import KeyvRedis, { createClient } from '@keyv/redis';
import { messageOf } from '@weft/errors';
import { Keyv } from 'keyv';

/** Redis by Keyv, bare: it throws, it can hang, it does not know of the first level. */
export interface RedisStore {
  /** False while there is no connection; a command would fail at once. */
  readonly isReady: boolean;
  getMany(keys: readonly string[]): Promise<readonly unknown[]>;
  setMany(entries: readonly { readonly key: string; readonly value: string; readonly ttl: number }[]): Promise<void>;
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Deletes every key of the name. */
  clear(): Promise<void>;
  ping(): Promise<void>;
  /** Drops a connection that is there but silent, and makes a new one. */
  reconnect(): void;
  stop(): void;
}

export interface RedisStoreOptions {
  readonly url: string;
  /** Before every key: `name::key`. */
  readonly name: string;
  readonly onReady: () => void;
  readonly onLost: (reason: string) => void;
}

const CONNECT_TIMEOUT_MS = 2_000;
const RETRY_MAX_MS = 500;
/** Pings keep a good connection from being idle; one that hangs while it greets is dropped. */
const PING_EVERY_MS = 10_000;
const IDLE_TIMEOUT_MS = 30_000;
/** Commands that wait for their answer; a hanging server must not fill the memory before the breaker opens. */
const MAX_WAITING = 10_000;

export function createRedisStore(options: RedisStoreOptions): RedisStore {
  // Our own client, connected by us: the adapter would wait for a connection inside of every call, and add its listeners again
  // after each failed one.
  let isStopped = false;
  const client = createClient({
    url: options.url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_WAITING,
    pingInterval: PING_EVERY_MS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: IDLE_TIMEOUT_MS,
      reconnectStrategy: (attempts) => (isStopped ? false : Math.min(20 * 2 ** attempts, RETRY_MAX_MS)),
    },
  });
  let failures = 0;
  let lastFailure: unknown;
  client.on('ready', () => {
    // Not at once: the client starts its pings after this event.
    if (isStopped) setImmediate(() => client.isOpen && client.destroy());
    else options.onReady();
  });
  client.on('error', (error) => {
    if (!client.isReady && !isStopped) options.onLost(messageOf(error));
  });
  const adapter = new KeyvRedis(client, { namespace: options.name, throwOnErrors: true });
  const keyv = new Keyv(adapter, {
    namespace: options.name,
    // The adapter's prefix is enough. Keyv's own is left out for a key that begins like it, in `set` but not in `getMany`.
    useKeyPrefix: false,
    throwOnErrors: true,
    // Texts as they are. The default parses JSON, and one value that is none makes it throw away all of a getMany.
    serialize: ({ value }) => String(value),
    deserialize: <T>(data: string) => ({ value: data as T, expires: undefined }),
  });
  keyv.on('error', (error: unknown) => {
    failures++;
    lastFailure = error;
  });
  const connect = (): void => void client.connect().catch((error: unknown) => options.onLost(messageOf(error)));
  connect();
  return {
    get isReady() {
      return client.isReady;
    },
    getMany: (keys) => keyv.getMany([...keys]),
    setMany: async (entries) => void (await keyv.setMany([...entries])),
    // Not by Keyv, which deletes in a transaction: a full Redis refuses those, and only a plain UNLINK still works.
    deleteMany: async (keys) =>
      void (await client.unlink(keys.map((key) => adapter.createKeyPrefix(key, options.name)))),
    async clear() {
      // The adapter only emits what goes wrong here.
      const before = failures;
      await keyv.clear();
      if (failures > before) throw lastFailure;
    },
    ping: async () => void (await client.ping()),
    reconnect() {
      // While the client is connecting it has a loop of its own; a second one would run beside it.
      if (isStopped || !client.isReady) return;
      client.destroy();
      connect();
    },
    stop() {
      isStopped = true;
      client.unref();
      // A connection that is being made now would outlive `destroy`, with its pings: it is ended when it is there.
      if (client.isReady) client.destroy();
    },
  };
}
