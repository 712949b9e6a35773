import { setTimeout as delay } from 'node:timers/promises';
import { type Admin, literal } from './admin.ts';
import { MOVE_NAME } from './move-sql.ts';
import { setStep } from './move-state.ts';
import type { Moving } from './moving.ts';

const ASK_EVERY_MS = 50;
/** What comes over so soon lets the cut-over be short. */
const CLOSE_ENOUGH_MS = 100;

/** Copies the rows and follows the writes until the target is a moment behind. Throws the signal's reason. */
export async function copyBuckets(moving: Moving): Promise<void> {
  const { source, target, onProgress, signal } = moving;
  await setStep(source, 'copying');
  await target.query(
    `create subscription ${MOVE_NAME} connection ${literal(source.conninfo)} publication ${MOVE_NAME}`,
  );
  let told = '';
  for (;;) {
    signal?.throwIfAborted();
    const { left, all, rows } = await progressOf(target);
    if (left === 0) break;
    const text = `copying: ${all - left} of ${all} tables, ${rows} rows of those that are being copied`;
    if (text !== told) onProgress(text);
    told = text;
    await delay(ASK_EVERY_MS);
  }
  onProgress('copied; catching up with writes');
  for (;;) {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    await awaitHeartbeat(target, await beat(source), signal);
    if (performance.now() - startedAt < CLOSE_ENOUGH_MS) return;
  }
}

async function progressOf(target: Admin): Promise<{ left: number; all: number; rows: string }> {
  const [found] = await target.query<{ left: number; all: number; rows: string }>(`select
    count(*) filter (where srsubstate <> 'r')::int4 as left, count(*)::int4 as all,
    coalesce((select sum(tuples_processed) from pg_stat_progress_copy), 0)::text as rows
    from pg_subscription_rel`);
  return found ?? { left: 1, all: 0, rows: '0' };
}

const NEXT_BEAT = 'insert into weft.heartbeat select coalesce(max(id), 0) + 1 from weft.heartbeat returning id::text';

/** A row that comes over after everything that was committed before it. */
export async function beat(source: Admin): Promise<string> {
  const [row] = await source.query<{ id: string }>(NEXT_BEAT);
  return row?.id ?? '0';
}

/** Throws the signal's reason, or an Error when it takes too long. */
export async function awaitHeartbeat(
  target: Admin,
  id: string,
  signal?: AbortSignal,
  longestMs = Number.POSITIVE_INFINITY,
): Promise<void> {
  const end = performance.now() + longestMs;
  for (;;) {
    const rows = await target.query('select 1 from weft.heartbeat where id = $1', [id]);
    if (rows.length > 0) return;
    signal?.throwIfAborted();
    if (performance.now() > end) throw new Error(`${target.shard} did not catch up in ${longestMs} ms`);
    await delay(1);
  }
}
