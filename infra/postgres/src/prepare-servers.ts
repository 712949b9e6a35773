import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@weft/errors';
import type { Binaries } from './binaries.ts';
import { copyFolder } from './command.ts';
import type { FleetSecrets } from './secrets.ts';
import { endLeftover, type Server } from './server.ts';
import { makeTemplate } from './template.ts';

/** Ends every postmaster that still runs on a folder of this fleet, also one that the fleet no longer has. */
export async function endLeftovers(servers: string): Promise<number> {
  if (!existsSync(servers)) return 0;
  const folders = (await readdir(servers, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const ended = await Promise.all(folders.map((entry) => endLeftover(join(servers, entry.name))));
  return ended.filter((what) => what === 'ended').length;
}

/**
 * Makes the folders of new servers; gives the replicas that have to be copied from a primary which has run before.
 * All folders exist before any server starts: a replica can be a copy of the template only until its primary has run.
 */
export async function prepareServers(
  shards: readonly { readonly primary: Server; readonly replicas: readonly Server[] }[],
  {
    folder,
    binaries,
    secrets,
  }: { readonly folder: string; readonly binaries: Binaries; readonly secrets: FleetSecrets },
): Promise<Server[]> {
  const newServers: Server[] = [];
  const toCopy: Server[] = [];
  for (const { primary, replicas } of shards) {
    const missing = replicas.filter((replica) => !existsSync(replica.directory));
    if (existsSync(primary.directory)) {
      await checkVersion(primary, binaries);
      toCopy.push(...missing);
    } else {
      // A replica of a primary that is no more has nothing to follow.
      await Promise.all(replicas.map((replica) => rm(replica.directory, { recursive: true, force: true })));
      newServers.push(...replicas, primary);
    }
  }
  if (newServers.length > 0) await cloneTemplate(newServers, await makeTemplate(folder, binaries, secrets), folder);
  return toCopy;
}

/** Replicas come before their primary: a start that was cut off here finds no primary and begins again. */
async function cloneTemplate(servers: readonly Server[], template: string, folder: string): Promise<void> {
  for (const { directory } of servers.slice(0, -1)) {
    const part = `${directory}.part`;
    await rm(part, { recursive: true, force: true });
    await copyFolder(template, part, folder);
    await rename(part, directory);
  }
  const last = servers.at(-1);
  if (last) await rename(template, last.directory);
}

async function checkVersion({ directory, name }: Server, binaries: Binaries): Promise<void> {
  const version = (await readFile(join(directory, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version === binaries.version.split('.')[0]) return;
  throw new UserError(
    version === ''
      ? `The data of ${name} in ${directory} is not a Postgres folder. Start with --fresh to begin anew.`
      : `The data of ${name} was written by Postgres ${version}, and this is ${binaries.version}. Start with --fresh to begin anew.`,
  );
}
