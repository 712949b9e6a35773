import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FleetSecrets {
  readonly superuser: string;
  readonly replication: string;
}

/** Names of the two roles that the fleet itself makes. */
export const SUPERUSER = 'postgres';
export const REPLICATION_USER = 'weft_replication';

/** The passwords of a fleet: made at its first start, kept in its folder for its owner alone. */
export async function fleetSecrets(directory: string): Promise<FleetSecrets> {
  const file = join(directory, 'secrets.json');
  const known = await readJson<FleetSecrets>(file);
  if (known) return known;
  const made: FleetSecrets = { superuser: password(), replication: password() };
  await writeJson(file, made, 0o600);
  return made;
}

/** 192 bits, without a character that SQL, a URL or a connection string would have to quote. */
const password = (): string => randomBytes(24).toString('base64url');

/** The content of a JSON file, or undefined when it is not there or was cut off while it was written. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a JSON file in one step: a reader sees the old or the new content. */
export async function writeJson(file: string, value: unknown, mode = 0o644): Promise<void> {
  const part = `${file}.${process.pid}`;
  await writeFile(part, `${JSON.stringify(value, undefined, 2)}\n`, { mode });
  await rename(part, file);
}
