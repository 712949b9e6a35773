import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '@weft/errors';
import { SHARED_FOLDER } from './binaries.ts';
import { giveToPostgres, isReachable, postgresUser } from './postgres-user.ts';

/** Makes a fleet's folder; ours, while the data below it belongs to the Postgres user. */
export async function makeFleetFolder(directory: string): Promise<string> {
  const folder = resolve(directory);
  await mkdir(folder, { recursive: true });
  if (!(await stat(folder)).isDirectory()) throw new UserError(`The data folder ${folder} is not a folder.`);
  await letPostgresThrough(folder);
  return folder;
}

/** A folder of our own that is private (a temporary one is) lets the Postgres user pass through, not look around. */
export async function letPostgresThrough(folder: string): Promise<void> {
  const { mode, uid } = await stat(folder);
  const { uid: postgres } = postgresUser();
  if (postgres !== undefined && uid === process.getuid?.() && (mode & 0o001) === 0) await chmod(folder, mode | 0o011);
}

/**
 * The folder that holds the servers' data: `<directory>/servers`. When the Postgres user cannot get there (root's clone
 * below its private home), that is a link to a folder below /var/tmp, and `onNote` says so.
 */
export async function serversFolder(directory: string, onNote: (text: string) => void): Promise<string> {
  const folder = join(directory, 'servers');
  if (await isReachable(folder)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await giveToPostgres(folder);
    return folder;
  }
  const elsewhere = await outsideFolder(directory);
  if (!existsSync(folder)) {
    await rm(folder, { force: true });
    await symlink(elsewhere, folder);
  }
  onNote(`Postgres may not read below ${directory} as the user nobody: its data is in ${elsewhere}.`);
  return elsewhere;
}

async function outsideFolder(directory: string): Promise<string> {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 12);
  const folder = join(SHARED_FOLDER, `weft-data-${name}`);
  await mkdir(folder, { recursive: true, mode: 0o711 });
  const { uid } = await lstat(folder);
  if (uid !== process.getuid?.())
    throw new UserError(`${folder} belongs to another user. Name a data folder with --data.`);
  await chmod(folder, 0o711);
  const servers = join(folder, 'servers');
  await mkdir(servers, { recursive: true, mode: 0o700 });
  await giveToPostgres(servers);
  return servers;
}

/** What goes when a whole fleet goes: its own folder, and the one outside that holds its data when there is one. */
export function foldersOfFleet(directory: string, servers: string): string[] {
  return servers.startsWith(directory) ? [directory] : [join(servers, '..'), directory];
}

/** Removes everything a fleet keeps, also what lies behind the link. Only while its folder is locked and nothing runs. */
export async function removeFleetData(directory: string): Promise<void> {
  const servers = join(directory, 'servers');
  const target = await readlink(servers).catch(() => undefined);
  if (target?.startsWith(SHARED_FOLDER)) await rm(join(target, '..'), { recursive: true, force: true });
  for (const name of ['servers', 'secrets.json', 'ports.json', 'fleet.json', 'logs']) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
