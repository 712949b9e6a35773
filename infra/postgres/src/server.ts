import { existsSync, statSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Binaries, POSTGRES_ENVIRONMENT, postgresSpawn } from './binaries.ts';
import { reasonIn, tailOf } from './failure.ts';
import type { Keeper } from './keeper-client.ts';
import { giveToPostgres } from './postgres-user.ts';
import { commandOf, endPostmaster, isAlive } from './processes.ts';
import { type ServerSettings, serverSettings } from './settings.ts';

/** One Postgres server of a fleet. */
export interface Server {
  /** `shard-1` for a primary, `shard-1-replica-1` for a replica. */
  readonly name: string;
  readonly shard: string;
  readonly role: 'primary' | 'replica';
  readonly host: string;
  readonly port: number;
  /** Of its postmaster; 0 while it does not run. */
  readonly pid: number;
  readonly directory: string;
  /** Its log file. */
  readonly log: string;
}

/** The fleet's own view of a server. */
export type ServerState = { -readonly [Key in keyof Server]: Server[Key] };

/** Recovery after a power cut may take long; a server that is still at it is waited for. */
const READY_TIMEOUT_MS = 120_000;
const LARGEST_LOG_BYTES = 16_000_000;

/** Ends a postmaster that an earlier start left behind in this data folder, and removes its stale postmaster.pid. */
export async function endLeftover(directory: string): Promise<'none' | 'stale' | 'ended'> {
  const file = join(directory, 'postmaster.pid');
  const lines = await pidFile(directory);
  if (!lines) return 'none';
  const pid = Number(lines[0]);
  // The pid may belong to anyone by now: only a postgres that was started on this very folder is ended.
  const command = pid > 0 ? commandOf(pid) : '';
  const ours = isAlive(pid) && /postgres/.test(command) && command.endsWith(`-D ${directory}`);
  if (ours) await endPostmaster(pid);
  await rm(file, { force: true });
  return ours ? 'ended' : 'stale';
}

/** Writes the settings, starts the postmaster and waits until it answers. */
export async function startServer(
  server: ServerState,
  settings: ServerSettings,
  { keeper, binaries }: { readonly keeper: Keeper; readonly binaries: Binaries },
): Promise<void> {
  const configuration = join(server.directory, 'postgresql.conf');
  await writeFile(configuration, serverSettings(settings), { mode: 0o600 });
  await giveToPostgres(configuration);
  if (settings.follows) {
    const signal = join(server.directory, 'standby.signal');
    await writeFile(signal, '');
    await giveToPostgres(signal);
  }
  const logStart = await trimLog(server.log);
  const { uid, gid } = postgresSpawn();
  server.pid = await keeper.start({
    name: server.name,
    follows: server.role === 'replica',
    program: binaries.postgres,
    directory: server.directory,
    log: server.log,
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    env: POSTGRES_ENVIRONMENT,
  });
  await waitUntilReady(server, logStart);
}

/** Why a server did not start, with the line of its log that says so. */
export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
  readonly portTaken: boolean;
  constructor(server: Server, log: string) {
    super(`${server.name} did not start: ${reasonIn(log)} (log: ${server.log})`);
    this.portTaken = /could not bind|Address already in use/.test(log);
  }
}

async function waitUntilReady(server: ServerState, logStart: number): Promise<void> {
  const { pid } = server;
  const end = Date.now() + READY_TIMEOUT_MS;
  while (!(await isReady(server.directory, pid))) {
    if (!isAlive(pid) || Date.now() > end) {
      server.pid = 0;
      throw new ServerStartError(server, tailOf(server.log, logStart));
    }
    await delay(15);
  }
}

/** Starts a log anew that has grown large; gives its size. */
async function trimLog(log: string): Promise<number> {
  const size = existsSync(log) ? statSync(log).size : 0;
  if (size <= LARGEST_LOG_BYTES) return size;
  await rm(log);
  return 0;
}

/** The postmaster writes its state into the eighth line of its pid file: the way pg_ctl looks for it. */
async function isReady(directory: string, pid: number): Promise<boolean> {
  const lines = await pidFile(directory);
  return lines?.[0]?.trim() === String(pid) && lines[7]?.trim() === 'ready';
}

async function pidFile(directory: string): Promise<string[] | undefined> {
  try {
    return (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
