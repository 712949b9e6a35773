import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@weft/errors';
import { isAlive, startTimeOf } from './processes.ts';

/** Held while a process uses a folder. */
export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  /** Start time of the process: a pid comes again, a pid with its start time does not. */
  readonly started: string;
}

/** Takes `<folder>/.lock`, also over from a process that is gone. Throws a UserError when a live process holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = join(folder, '.lock');
  const mine = `${file}.${process.pid}`;
  const text = JSON.stringify({ pid: process.pid, started: startTimeOf(process.pid) } satisfies Holder);
  await writeFile(mine, text, { mode: 0o600 });
  try {
    while (!(await isTaken(mine, file))) await removeStale(folder, file);
  } finally {
    await rm(mine, { force: true });
  }
  return {
    release: async () => {
      if ((await readText(file)) === text) await rm(file, { force: true });
    },
  };
}

/** A hard link is made or refused in one step, with its text in it already. */
async function isTaken(mine: string, file: string): Promise<boolean> {
  try {
    await link(mine, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(folder: string, file: string): Promise<void> {
  const text = await readText(file);
  if (text === undefined) return;
  const holder = parse(text);
  if (holder && isAlive(holder.pid) && startTimeOf(holder.pid) === holder.started) {
    throw new UserError(
      `${folder} is in use by another running Weft (process ${holder.pid}). Stop that one first, or name another folder with --data.`,
      { exitCode: 1 },
    );
  }
  // Moved away before it is removed: when two find the same stale lock, one of them must not remove the other's new one.
  const aside = `${file}.stale.${process.pid}`;
  await rename(file, aside).catch(() => {});
  const moved = await readText(aside);
  if (moved !== undefined && moved !== text) await rename(aside, file);
  await rm(aside, { force: true });
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
