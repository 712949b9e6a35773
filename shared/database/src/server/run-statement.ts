import { GraphError } from '@weft/errors';
import { requestCancel } from './cancel-request.ts';
import type { Connections, Held } from './connections.ts';
import { judge, NoAnswer, sqlStateOf } from './failure.ts';

/** How long a cancelled statement may take to end before its connection is thrown away. */
const CANCEL_MS = 250;

/** One statement as it goes to a server. */
export interface Run {
  /** Undefined: not prepared, for statements that come only once. */
  readonly name: string | undefined;
  readonly sql: string;
  readonly parameters: unknown[];
}

/** Until when, and for whom. */
export interface Limits {
  /** A moment. DEADLINE_EXCEEDED when it comes first. */
  readonly deadline?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RunOptions {
  readonly connections: Connections;
  readonly address: { readonly host: string; readonly port: number };
  /** From the call to the rows, waiting for a connection included; then the server counts as hung. */
  readonly longestMs: number;
  /** Holds what ends each running statement early. */
  readonly running: Set<(reason: unknown) => void>;
}

/**
 * Settles by the first of: the rows, an error, the deadline, the longest time, the abort, the monitor. A caller that
 * left early waits for nothing; the statement is cancelled behind it.
 */
export function runStatement(options: RunOptions, statement: Run, limits: Limits): Promise<unknown[]> {
  const { connections, address, running } = options;
  return new Promise((resolve, reject) => {
    let held: Held | undefined;
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      running.delete(leave);
      limits.signal?.removeEventListener('abort', abort);
      return true;
    };
    const giveBack = (broken: boolean): void => {
      held?.giveBack(broken);
      held = undefined;
    };
    const leave = (reason: unknown): void => {
      if (!settle()) return;
      reject(reason);
      if (held === undefined) return;
      requestCancel(held.client, address);
      setTimeout(giveBack, CANCEL_MS, true).unref();
    };
    const abort = (): void => leave(limits.signal?.reason);
    const [lengthMs, over] = timeFor(options.longestMs, limits);
    // What came while this process itself was busy is read first: a stall of ours is no failure of the server.
    const timer = setTimeout(() => setImmediate(() => leave(over())), lengthMs);
    running.add(leave);
    limits.signal?.addEventListener('abort', abort);

    const fail = (error: unknown): void => {
      giveBack(judge(error, '').verdict === 'down');
      if (settle()) reject(error);
    };
    connections.take().then((taken) => {
      if (settled) return taken.giveBack(false);
      held = taken;
      send(taken, statement).then(({ rows, isStale }) => {
        giveBack(isStale);
        if (settle()) resolve(rows);
      }, fail);
    }, fail);
  });
}

/** Cached plan must not change result type; prepared statement does not exist. Both before anything was done. */
const STALE_PLAN = /^(0A000|26000)$/;

/**
 * Prepared, unless a migration has changed what the plan of this connection gives: then once without a plan, and the
 * connection is stale.
 */
async function send({ client }: Held, { name, sql, parameters }: Run): Promise<{ rows: unknown[]; isStale: boolean }> {
  type Row = Record<string, unknown>;
  const statement = { text: sql, values: parameters };
  if (name === undefined) return { rows: (await client.query<Row>(statement)).rows, isStale: false };
  try {
    return { rows: (await client.query<Row>({ name, ...statement })).rows, isStale: false };
  } catch (error) {
    if (!STALE_PLAN.test(sqlStateOf(error) ?? '')) throw error;
    return { rows: (await client.query<Row>(statement)).rows, isStale: true };
  }
}

function timeFor(longestMs: number, { deadline }: Limits): [number, () => Error] {
  const leftMs = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - Date.now();
  if (leftMs < longestMs) return [Math.max(leftMs, 0), overDeadline];
  return [longestMs, () => new NoAnswer(`no answer in ${longestMs} ms`)];
}

export function refuseWhenOver({ deadline, signal }: Limits): void {
  if (signal?.aborted === true) throw signal.reason;
  if (deadline !== undefined && deadline <= Date.now()) throw overDeadline();
}

export function overDeadline(): GraphError {
  return new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.');
}
