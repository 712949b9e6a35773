import { closeSync, openSync, readSync, statfsSync, statSync } from 'node:fs';
import { messageOf, UserError } from '@weft/errors';

const TAIL_BYTES = 8_192;

/** The end of a log file, at most from byte `from` on; '' when there is none. */
export function tailOf(file: string, from = 0): string {
  try {
    const { size } = statSync(file);
    const buffer = Buffer.alloc(Math.min(size - from, TAIL_BYTES));
    const handle = openSync(file, 'r');
    try {
      readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    } finally {
      closeSync(handle);
    }
    return buffer.toString('utf8');
  } catch {
    return '';
  }
}

/** The line of a Postgres log or of initdb's output that says why it gave up. */
export function reasonIn(text: string): string {
  const lines = text.trim().split('\n');
  const fatal = lines.filter((line) => /\b(FATAL|PANIC|error|ERROR):/.test(line)).at(-1) ?? lines.at(-1) ?? '';
  return fatal.replace(/^.*?(FATAL|PANIC|initdb: error|ERROR|error):\s*/, '').trim();
}

/** One sentence and what to do, for the failures that a person can mend; anything else as it is. */
export function explainFailure(error: unknown, directory: string): unknown {
  const explained = explainFullDisk(error, directory);
  if (explained instanceof UserError) return explained;
  const text = messageOf(error);
  if (!/EACCES|EROFS|EPERM|Permission denied|Read-only file system/i.test(text)) return error;
  return new UserError(
    `The data folder ${directory} cannot be written by this user (${text}). Give it to the user who starts, or name another with --data.`,
    { exitCode: 1, cause: error },
  );
}

/** Less than this and a server cannot write the next part of its log. */
const LEAST_FREE_BYTES = 8_000_000;

/**
 * Tells a full disk in one sentence; any other failure is given back as it is. A server that cannot write its log dies,
 * and what its clients then see says nothing of the disk: so the free space is looked at too.
 */
export function explainFullDisk(error: unknown, directory: string): unknown {
  if (error instanceof UserError) return error;
  const said = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/i.test(messageOf(error));
  if (!said && freeBytes(directory) > LEAST_FREE_BYTES) return error;
  return new UserError(
    `The disk is full: the databases in ${directory} cannot be written (the fleet needs about 500 MB at scale 1). Free some space, or name another disk with --data.`,
    { exitCode: 1, cause: error },
  );
}

function freeBytes(directory: string): number {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
