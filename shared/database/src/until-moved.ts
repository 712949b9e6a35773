import { setTimeout as delay } from 'node:timers/promises';
import { isMoved } from './server/failure.ts';
import type { Limits } from './server/run-statement.ts';

/** A write waits so long for the end of a move at most: its cut-over takes a fraction of it. */
const LONGEST_MS = 5_000;
const TRY_EVERY_MS = 10;

/**
 * Writes; where the bucket is being cut over to another shard, again until one of the two takes it. Nothing was written by
 * a try that was refused. After the deadline, or when it takes too long, the refusal is the error: SHARD_UNAVAILABLE.
 */
export async function untilMoved<Result>(
  write: () => Promise<Result>,
  lookForMap: () => Promise<void>,
  { deadline, signal }: Limits,
): Promise<Result> {
  const end = Math.min(deadline ?? Number.POSITIVE_INFINITY, Date.now() + LONGEST_MS);
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isMoved(error) || Date.now() + TRY_EVERY_MS >= end || signal?.aborted === true) throw error;
      await delay(TRY_EVERY_MS);
      await lookForMap();
    }
  }
}
