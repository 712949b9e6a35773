import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Binaries, postgresSpawn } from './binaries.ts';
import { copyFolder, runCommand } from './command.ts';
import { giveToPostgres } from './postgres-user.ts';
import { type FleetSecrets, REPLICATION_USER, SUPERUSER } from './secrets.ts';
import { TEMPLATE_SETTINGS } from './settings.ts';

const INITDB = [
  `--username=${SUPERUSER}`,
  // Nobody can log in by this: the rules below take the place of those that initdb writes.
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C.UTF-8',
  '--no-sync',
  '--no-instructions',
  // 4 MB segments make a fresh server 12 MB smaller than the usual 16 do; six of them are made at the first start.
  '--wal-segsize=4',
  ...Object.entries(TEMPLATE_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
];

/** From this machine with a password; only the replication role may stream. */
const WHO_MAY_LOG_IN = `host all all 127.0.0.1/32 scram-sha-256
host replication ${REPLICATION_USER} 127.0.0.1/32 scram-sha-256
`;

/**
 * Makes `<folder>/template`, a server that never ran: database `weft`, passwords set. Every server of a fleet is a copy
 * of it, so that a replica can follow its primary from the first byte on.
 */
export async function makeTemplate(folder: string, binaries: Binaries, secrets: FleetSecrets): Promise<string> {
  const template = join(folder, 'template');
  await rm(template, { recursive: true, force: true });
  const cached = cacheFolder(binaries);
  if (!(await copyFromCache(cached, template, folder))) {
    await initialize(template, binaries);
    await keepInCache(template, cached);
  }
  await setPasswords(template, binaries, secrets);
  return template;
}

async function initialize(template: string, { initdb }: Binaries): Promise<void> {
  await mkdir(template, { mode: 0o700 });
  await giveToPostgres(template);
  await runCommand(initdb, [...INITDB, `--pgdata=${template}`], { ...postgresSpawn(), cwd: template });
  const rules = join(template, 'pg_hba.conf');
  await writeFile(rules, WHO_MAY_LOG_IN, { mode: 0o600 });
  await giveToPostgres(rules);
}

/** Single-user mode needs no port and no password, and takes its statements from standard input. */
async function setPasswords(template: string, { postgres }: Binaries, secrets: FleetSecrets): Promise<void> {
  const statements = [
    `alter role ${SUPERUSER} password '${secrets.superuser}'`,
    `create role ${REPLICATION_USER} login replication password '${secrets.replication}'`,
    // The database that initdb made, under our name: 8 MB less a server than one more database.
    'alter database postgres rename to weft',
  ];
  const output = await runCommand(postgres, ['--single', '-D', template, '-c', 'fsync=off', 'template1'], {
    ...postgresSpawn(),
    cwd: template,
    input: statements.map((statement) => `${statement}\n`).join(''),
  });
  // Single-user mode exits 0 even when a statement failed.
  if (/\b(ERROR|FATAL|PANIC):/.test(output)) throw new Error(`the databases could not be prepared: ${output.trim()}`);
}

/** One initdb (2 s of CPU) serves all fleets of a user. It holds no secret. */
function cacheFolder({ version }: Binaries): string {
  const recipe = createHash('sha256')
    .update(JSON.stringify([version, INITDB, WHO_MAY_LOG_IN]))
    .digest('hex')
    .slice(0, 12);
  return join(homedir(), '.cache', 'weft', `postgres-${version}-${recipe}`);
}

/** The cache only saves time: whatever goes wrong with it, initdb runs instead. */
async function copyFromCache(cached: string, template: string, cwd: string): Promise<boolean> {
  try {
    if (!existsSync(join(cached, 'PG_VERSION'))) return false;
    await copyFolder(cached, template, cwd);
    return true;
  } catch {
    await rm(template, { recursive: true, force: true });
    return false;
  }
}

async function keepInCache(template: string, cached: string): Promise<void> {
  let part: string | undefined;
  try {
    await mkdir(join(cached, '..'), { recursive: true });
    part = await mkdtemp(`${cached}.`);
    await copyFolder(template, join(part, 'data'), part);
    await rename(join(part, 'data'), cached);
  } catch {
    // No home, a full or read-only disk, or another start was quicker.
  } finally {
    if (part) await rm(part, { recursive: true, force: true }).catch(() => {});
  }
}
