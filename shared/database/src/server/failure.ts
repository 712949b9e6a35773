import { GraphError, isGraphError, messageOf } from '@weft/errors';
import { ConstraintError } from '../constraint-error.ts';

/** What a failed statement says about its server. */
export type Verdict =
  /** The server cannot be used: it refuses, is gone, or does not answer. */
  | 'down'
  /** This server will not run this statement, another one may: read-only, conflict with recovery. */
  | 'elsewhere'
  /** The server is well: the statement, its caller or our own queue is the reason. */
  | 'well';

export interface Failure {
  readonly verdict: Verdict;
  /** What the caller gets: a GraphError, a ConstraintError, or the error itself when it is a bug. */
  readonly error: unknown;
}

/** SQLSTATE class 23, integrity constraint violation (PostgreSQL documentation, appendix A). */
const CONSTRAINTS: Readonly<Record<string, ConstraintError['kind']>> = {
  '23505': 'unique',
  '23503': 'foreign-key',
  '23514': 'check',
  '23502': 'not-null',
  '23P01': 'exclusion',
};

/** Connection exceptions (08), shutdown and start-up (57P0x). */
const DOWN = /^(08...|57P0.)$/;
const TOO_MANY_CONNECTIONS = '53300';
/** Read-only transaction, conflict with recovery (replicas); no such role, password or database there. */
const ELSEWHERE = /^(25006|40001|28000|28P01|3D000|WF001)$/;
/** Statement timeout, lock timeout, deadlock: the server is alive, and a second server would only be slow too. */
const SLOW = /^(57014|55P03|40P01)$/;
/** A value that its column cannot hold: too long, out of range, no number, no time, a zero byte in a text. */
const VALUE = /^(22001|22003|22007|22008|22021|22P02|22P05)$/;

/** The server did not answer in the time that it had. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export function judge(cause: unknown, shard: string): Failure {
  if (cause instanceof NoAnswer) return { verdict: 'down', error: unavailable(shard, cause) };
  if (isGraphError(cause)) return { verdict: 'well', error: cause };
  const state = sqlStateOf(cause);
  if (state === undefined) {
    return isSocketFailure(cause)
      ? { verdict: 'down', error: unavailable(shard, cause) }
      : { verdict: 'well', error: cause };
  }
  if (DOWN.test(state)) return { verdict: 'down', error: unavailable(shard, cause) };
  if (ELSEWHERE.test(state)) return { verdict: 'elsewhere', error: unavailable(shard, cause) };
  if (state === TOO_MANY_CONNECTIONS) return { verdict: 'elsewhere', error: busy(cause) };
  if (VALUE.test(state)) return { verdict: 'well', error: badValue(cause) };
  if (SLOW.test(state)) return { verdict: 'well', error: unavailable(shard, cause) };
  const kind = CONSTRAINTS[state];
  return { verdict: 'well', error: kind === undefined ? cause : constraintError(kind, cause) };
}

export function unavailable(shard: string, cause: unknown): GraphError {
  return new GraphError('SHARD_UNAVAILABLE', 'The rows asked for cannot be read now.', {
    log: { shard, reason: messageOf(cause) },
    cause,
  });
}

export function busy(cause?: unknown): GraphError {
  return new GraphError('DATABASE_BUSY', 'No database connection was free in time.', { cause });
}

function badValue(cause: unknown): GraphError {
  return new GraphError('BAD_USER_INPUT', 'A value is not allowed.', { log: { reason: messageOf(cause) }, cause });
}

/** A write into a bucket that is being moved to another shard, or was. */
export const MOVED = 'WF001';

/** The bucket does not take this write here, now: another try finds where it does. */
export function isMoved(error: unknown): boolean {
  return isGraphError(error) && error.code === 'SHARD_UNAVAILABLE' && sqlStateOf(error.cause) === MOVED;
}

/** Five characters; node's own codes (ECONNREFUSED) are longer or have a lower class. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : undefined;
}

function codeOf(error: unknown): string | undefined {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : undefined;
}

function isSocketFailure(error: unknown): boolean {
  if (/^E[A-Z]{3,}/.test(codeOf(error) ?? '')) return true;
  // pg has no codes for these.
  const message = fieldOf(error, 'message');
  return (
    typeof message === 'string' &&
    /^(Connection terminated|Client (has encountered|was closed)|timeout expired|Query read timeout)/.test(message)
  );
}

/** Not by `instanceof Error`: errors of sockets are made in another realm when code runs inside a vm context. */
function fieldOf(error: unknown, name: 'code' | 'message' | 'constraint' | 'column'): unknown {
  return typeof error === 'object' && error !== null && name in error
    ? (error as Record<typeof name, unknown>)[name]
    : undefined;
}

function constraintError(kind: ConstraintError['kind'], cause: unknown): ConstraintError {
  const name = fieldOf(cause, 'constraint') ?? fieldOf(cause, 'column');
  return new ConstraintError(kind, typeof name === 'string' ? name : 'unknown', cause);
}
