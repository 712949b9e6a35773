import { chown, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** `nobody`: exists on every Linux and needs no creating. */
const NOBODY = 65_534;

/** Postgres refuses to run as root; as root its processes run as `nobody`. Empty for everyone else. */
export function postgresUser(): { uid: number; gid: number } | Record<string, never> {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
}

/** True when the Postgres user can get to `path`: every folder above it must let it through. */
export async function isReachable(path: string): Promise<boolean> {
  const user = postgresUser();
  if (user.uid === undefined) return true;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const execute = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & execute) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Gives one path (not what is in it) to the Postgres user. */
export async function giveToPostgres(path: string): Promise<void> {
  const user = postgresUser();
  if (user.uid !== undefined) await chown(path, user.uid, user.gid);
}
