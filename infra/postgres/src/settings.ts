/** What a server is told in its postgresql.conf, beyond what its role adds. */
export interface ServerSettings {
  readonly port: number;
  readonly durability: Durability;
  /** The primary that this server follows; a primary has none. */
  readonly follows?: { readonly port: number; readonly slot: string; readonly user: string; readonly password: string };
}

/**
 * `kept`: survives a power cut; an acknowledged write is on the disk. `npm start` promises to keep data, so it pays for fsync.
 * `throwaway`: survives kill -9 of the server (the write reached the kernel) but not a power cut; for data that a test deletes.
 */
export type Durability = 'kept' | 'throwaway';

const COMMON = {
  listen_addresses: '127.0.0.1',
  // No socket file: its path is limited to 107 bytes, and a clone may lie deeper.
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Two copies of five subgraphs and their workers, six connections each, with room.
  max_connections: 160,
  // One for each subscription of a bucket move, its tables while they are copied, and the launcher.
  max_worker_processes: 8,
  max_wal_senders: 8,
  max_replication_slots: 8,
  // Statements touch one shard and a few hundred rows: parallel plans and JIT would only cost.
  max_parallel_workers_per_gather: 0,
  jit: 'off',
  // No I/O worker processes: three for each of six servers are more than a laptop should spend.
  io_method: 'sync',
  // Moves of buckets between shards are logical replication. A folder of before has it from its next start.
  wal_level: 'logical',
  // The commit record of an asynchronous commit reaches the replicas after 10 ms instead of 200.
  wal_writer_delay: '10ms',
  max_wal_size: '1GB',
  max_slot_wal_keep_size: '1GB',
  // A paused peer is given up soon, so that a primary can stop without waiting a minute for it.
  wal_sender_timeout: '10s',
  wal_receiver_timeout: '10s',
  wal_retrieve_retry_interval: '250ms',
  hot_standby: 'on',
  hot_standby_feedback: 'on',
  max_standby_streaming_delay: '10s',
  idle_in_transaction_session_timeout: '60s',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] %a ',
} as const;

const BY_DURABILITY = {
  kept: { shared_buffers: '64MB', shared_preload_libraries: 'pg_stat_statements' },
  throwaway: { shared_buffers: '16MB', fsync: 'off', full_page_writes: 'off', autovacuum: 'off' },
} as const;

/** Settings that a standby must not set lower than its primary; the template starts with values that every server tops. */
export const TEMPLATE_SETTINGS = {
  max_connections: 20,
  max_worker_processes: 2,
  max_wal_senders: 2,
  shared_buffers: '8MB',
} as const;

/** The text of postgresql.conf. It may hold a password: the file is its owner's alone. */
export function serverSettings({ port, durability, follows }: ServerSettings): string {
  const settings: Record<string, string | number> = { ...COMMON, ...BY_DURABILITY[durability], port };
  if (follows) {
    settings.primary_conninfo = `host=127.0.0.1 port=${follows.port} user=${follows.user} password=${follows.password} application_name=${follows.slot}`;
    settings.primary_slot_name = follows.slot;
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('');
}
