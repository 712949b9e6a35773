import { setTimeout as delay } from 'node:timers/promises';
import { MAP_CHANNEL } from '../live-map.ts';
import type { ShardMap } from '../shard-map.ts';
import { WATCH_NAMES } from '../watch-name.ts';
import type { Admin } from './admin.ts';
import { awaitHeartbeat, beat } from './copy-buckets.ts';
import { publishMap, setStep } from './move-state.ts';
import type { Moving } from './moving.ts';
import { type Queued, queuedAbout } from './queued-work.ts';

/** After this the source takes writes again, whatever has become of the mover. */
const FENCE_MS = 10_000;
/** Left of it for the decision to be made in. */
const DECISION_MS = 2_000;
const LOCK_TIMEOUT_MS = 300;
const LOCK_TRIES = 20;
const QUEUE_EVERY_MS = 100;
/** A process that has not taken the new map by then is told of, and not waited for. */
const LONGEST_FOLLOW_MS = 3_000;

/**
 * Writes of the buckets stop on the source, the last ones come over, one transaction makes the new map hold, every
 * process takes it, the target takes writes. Gives how long there were no writes. What throws before the decision
 * leaves everything as it was.
 */
export async function cutOver(moving: Moving, onMap: (map: ShardMap) => Promise<void>): Promise<number> {
  const { source, onProgress } = moving;
  await setStep(source, 'cutting');
  const startedAt = await fenceWhenQuiet(moving);
  await decide(moving);
  await openTarget(moving);
  const pauseMs = performance.now() - startedAt;
  await onMap(moving.after);
  onProgress(`cut over: no writes of these buckets for ${Math.round(pauseMs)} ms`);
  return pauseMs;
}

/**
 * Fences the source at a moment when nothing is queued there about these buckets, and waits for the last write to come
 * over. Gives when writes stopped.
 */
async function fenceWhenQuiet(moving: Moving): Promise<number> {
  const { source, target, buckets, onProgress, signal } = moving;
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    const queued = await queuedAbout(source, buckets);
    if (queued.all > 0) {
      if (!told) onProgress(waitingText(queued, source.shard));
      told = true;
      await delay(QUEUE_EVERY_MS);
      continue;
    }
    onProgress('cutting over');
    const { startedAt, heartbeat } = await fenceSource(moving);
    const arriving = awaitHeartbeat(target, heartbeat, signal, FENCE_MS - 2 * DECISION_MS);
    const [late] = await Promise.all([queuedAbout(source, buckets), arriving]);
    if (late.all === 0) return startedAt;
    // One came in just before the fence: it is worked on here.
    await source.query('delete from weft.fence');
  }
}

function waitingText({ all, givenUp }: Queued, shard: string): string {
  const failed = givenUp === 0 ? '' : `; ${givenUp} of them failed: weft jobs retry or weft jobs drop them first`;
  return `waiting for ${all} events and jobs of ${shard} about these buckets${failed}`;
}

/** Waits for the writers that are at it, and lets no other begin. Gives when, and what comes over after the last write. */
async function fenceSource({ source, sharded, buckets }: Moving): Promise<{ startedAt: number; heartbeat: string }> {
  const tables = sharded.tables.map(({ table }) => table).join(', ');
  const heartbeat = String(BigInt(await beat(source)) + 1n);
  for (let attempt = 1; ; attempt += 1) {
    const startedAt = performance.now();
    try {
      await source.query(`begin; set local lock_timeout = ${LOCK_TIMEOUT_MS}; lock table ${tables} in share row exclusive mode;
        insert into weft.fence select bucket, clock_timestamp() + interval '${FENCE_MS} ms' from unnest('{${buckets.join(',')}}'::integer[]) as bucket
          on conflict (bucket) do update set until = excluded.until;
        insert into weft.heartbeat values (${heartbeat});
        commit`);
      return { startedAt, heartbeat };
    } catch (error) {
      await source.query('rollback');
      if (attempt === LOCK_TRIES) throw error;
      await delay(attempt * 20);
    }
  }
}

/** The one step that is not undone, in one statement. The fence must still stand: a mover that slept too long finds that writes have gone on. */
async function decide({ source, after, buckets }: Moving): Promise<void> {
  await source.query('select weft.switch_map($1, $2, $3, $4, $5)', [
    buckets,
    DECISION_MS,
    after.version,
    after.text,
    MAP_CHANNEL,
  ]);
}

/** After the decision: every shard and process gets the map, then the target takes writes. Can be done again. */
export async function openTarget(moving: Moving): Promise<void> {
  const { target, all, after, onProgress } = moving;
  await Promise.all(all.map((admin) => publishMap(admin, after)));
  const end = performance.now() + LONGEST_FOLLOW_MS;
  let behind = await behindOf(all, after);
  while (behind.length > 0 && performance.now() < end) {
    await delay(2);
    behind = await behindOf(all, after);
  }
  for (const name of behind)
    onProgress(`not waited for any longer: ${name}; until it takes the new map it reads old rows of these buckets`);
  await target.query('delete from weft.fence');
}

/** Watching connections of processes that go by an older map. */
async function behindOf(all: readonly Admin[], { version }: ShardMap): Promise<string[]> {
  const found = await Promise.all(
    all.map((admin) =>
      admin.query<{ name: string }>(
        `select application_name || ' on ' || $3 as name from pg_stat_activity
         where application_name ~ $1 and substring(application_name from $1)::integer < $2`,
        [WATCH_NAMES, version, admin.shard],
      ),
    ),
  );
  return found.flat().map(({ name }) => name);
}
