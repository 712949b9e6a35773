import type { ChannelListener } from './database.ts';

/** Who listens to which channel, and where it is listened to already. */
export interface Channels {
  /** `onListening` is called at once for the shards where the channel is listened to. Gives what ends it. */
  add(channel: string, listener: ChannelListener): () => void;
  listening(shard: string, channel: string): void;
  deaf(shard: string): void;
  notified(shard: string, channel: string, payload: string): void;
}

export function createChannels(): Channels {
  const listeners = new Map<string, Set<ChannelListener>>();
  const listened = new Map<string, Set<string>>();

  return {
    add(channel, listener) {
      const known = listeners.get(channel) ?? new Set();
      known.add(listener);
      listeners.set(channel, known);
      for (const [shard, channels] of listened) if (channels.has(channel)) listener.onListening?.(shard);
      return () => known.delete(listener);
    },
    listening(shard, channel) {
      const channels = listened.get(shard) ?? new Set();
      channels.add(channel);
      listened.set(shard, channels);
      for (const listener of listeners.get(channel) ?? []) listener.onListening?.(shard);
    },
    deaf(shard) {
      listened.delete(shard);
    },
    notified(shard, channel, payload) {
      for (const listener of listeners.get(channel) ?? []) listener.onNotification(shard, payload);
    },
  };
}
