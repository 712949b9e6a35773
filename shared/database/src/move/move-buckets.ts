import { UserError } from '@weft/errors';
import type { FleetAddresses } from '../fleet-addresses.ts';
import { movedMap, parseShardMap, type ShardMap } from '../shard-map.ts';
import { type Admin, openAdmin, type Superuser } from './admin.ts';
import { checkMove, type MovePlan, refuseProblems } from './check-move.ts';
import { copyBuckets } from './copy-buckets.ts';
import { cutOver, openTarget } from './cut-over.ts';
import { finishMove } from './finish-move.ts';
import { beginMove, type MoveState, readMove } from './move-state.ts';
import type { Moving } from './moving.ts';
import { prepareMove } from './prepare-move.ts';
import { rollBack } from './roll-back.ts';
import type { ShardedTables } from './sharded-tables.ts';

export interface MoveOptions {
  readonly addresses: FleetAddresses;
  readonly superuser: Superuser;
  /** The map that holds now; it grows by one version. */
  readonly shardMap: ShardMap;
  readonly sharded: ShardedTables;
  readonly buckets: readonly number[];
  readonly to: string;
  /** How long reads that were sent by the map before may still run: their rows stay so long. Default: 3 s. */
  readonly settleMs?: number;
  /** The free disk of the target need not be looked at. */
  readonly diskIsEnough?: boolean;
  /** What is done now, for a person. */
  readonly onProgress: (text: string) => void;
  /** The new map holds from now on: it has to be where processes read it when they start. */
  readonly onMap: (map: ShardMap) => Promise<void>;
  /** Up to the cut-over this undoes everything; later it does nothing. */
  readonly signal?: AbortSignal;
}

export interface MoveReport {
  readonly source: string;
  readonly target: string;
  readonly buckets: readonly number[];
  readonly map: ShardMap;
  /** How long the buckets took no writes. Undefined when the move was resumed after its cut-over. */
  readonly pauseMs: number | undefined;
  readonly rowsRemoved: number;
}

/** What a move of these buckets would do and what is in its way. Changes nothing. */
export async function planMove(options: MoveOptions): Promise<MovePlan> {
  return withShards(options, ({ source, target }) => checkMove({ source, target }, checkOptions(options)));
}

/**
 * Moves buckets of one shard to another one while both are written to. One that was begun before and did not end is
 * undone first, or ended when it had been cut over; whichever it was, the next call begins anew.
 */
export async function moveBuckets(options: MoveOptions): Promise<MoveReport> {
  return withShards(options, async (moving) => {
    const { source, target, buckets, after, onProgress } = moving;
    refuseProblems(await checkMove({ source, target }, checkOptions(options)));
    const state: MoveState = {
      buckets,
      source: source.shard,
      target: target.shard,
      step: 'preparing',
      map: after.text,
    };
    await beginMove(source, state);
    let pauseMs: number;
    try {
      await prepareMove(moving);
      await copyBuckets(moving);
      pauseMs = await cutOver(moving, options.onMap);
    } catch (error) {
      const step = (await readMove(source))?.step;
      if (step === 'switched' || step === 'cleaning') throw error;
      onProgress('undoing what was done');
      await rollBack(moving);
      throw error;
    }
    const rowsRemoved = await finishMove(moving);
    return { source: source.shard, target: target.shard, buckets, map: after, pauseMs, rowsRemoved };
  });
}

/** Ends or undoes what an earlier call left. Gives undefined when there was nothing. */
export async function resumeMove(
  options: Omit<MoveOptions, 'buckets' | 'to'>,
): Promise<{ readonly done: 'ended' | 'undone'; readonly report: MoveReport } | undefined> {
  const found = await findMove(options);
  if (found === undefined) return undefined;
  const after = parseShardMap(found.map);
  const whole = { ...options, buckets: found.buckets, to: found.target };
  return withShards(
    whole,
    async (moving) => {
      const report = {
        source: found.source,
        target: found.target,
        buckets: found.buckets,
        map: after,
        pauseMs: undefined,
      };
      if (found.step === 'switched' || found.step === 'cleaning') {
        options.onProgress(`a move to ${found.target} was cut over and not ended: ending it`);
        await openTarget(moving);
        await options.onMap(after);
        return { done: 'ended', report: { ...report, rowsRemoved: await finishMove(moving) } };
      }
      options.onProgress(`a move to ${found.target} stopped while ${found.step}: undoing it`);
      await rollBack(moving);
      return { done: 'undone', report: { ...report, rowsRemoved: 0 } };
    },
    { source: found.source, after },
  );
}

async function findMove({
  addresses,
  superuser,
  shardMap,
}: Omit<MoveOptions, 'buckets' | 'to'>): Promise<MoveState | undefined> {
  for (const shard of shardMap.shards) {
    const admin = await openAdmin(addresses, shard, superuser);
    try {
      const found = await readMove(admin);
      if (found !== undefined) return found;
    } finally {
      await admin.close();
    }
  }
  return undefined;
}

function checkOptions({ buckets, shardMap, sharded, diskIsEnough = false }: MoveOptions) {
  return { buckets, map: shardMap, sharded, diskIsEnough };
}

/** Longer than a statement may run. */
const SETTLE_MS = 3_000;

/** Held for as long as a move is worked on: two movers at once would undo each other. */
const LOCK = "hashtextextended('weft.move', 0)";

async function withShards<Result>(
  options: MoveOptions,
  work: (moving: Moving) => Promise<Result>,
  /** Of a move that was begun. */
  begun?: { readonly source: string; readonly after: ShardMap },
): Promise<Result> {
  const { addresses, superuser, shardMap, buckets, to, sharded, onProgress, signal, settleMs = SETTLE_MS } = options;
  const from = begun?.source ?? sourceOf(shardMap, buckets, to);
  const names = [...new Set([...shardMap.shards, to])];
  const all: Admin[] = [];
  try {
    for (const name of names) all.push(await openAdmin(addresses, name, superuser));
    const [source, target] = [from, to].map((name) => all.find(({ shard }) => shard === name));
    if (source === undefined || target === undefined) throw new UserError(`The fleet does not have ${from} and ${to}.`);
    const [lock] = await source.query<{ taken: boolean }>(`select pg_try_advisory_lock(${LOCK}) as taken`);
    if (lock?.taken !== true) throw new UserError(`Another move from ${from} is being worked on.`, { exitCode: 1 });
    const after = begun?.after ?? movedMap(shardMap, buckets, to);
    return await work({
      source,
      target,
      all,
      sharded,
      before: shardMap,
      settleMs,
      after,
      buckets,
      onProgress,
      ...(signal && { signal }),
    });
  } finally {
    await Promise.allSettled(all.map((admin) => admin.close()));
  }
}

/** UserError unless the buckets lie on one shard, and another one than they should. */
function sourceOf(map: ShardMap, buckets: readonly number[], to: string): string {
  const sources = new Set(buckets.map((bucket) => map.shardOfBucket(bucket)));
  const [source] = sources;
  if (source === undefined) throw new UserError('No bucket is named.');
  if (sources.size > 1) {
    throw new UserError(`These buckets lie on ${[...sources].join(' and ')}: move those of one shard at a time.`);
  }
  if (!map.shards.includes(to)) {
    throw new UserError(`The shard map has no ${to}: add it with weft shard add, and give every process the new map.`);
  }
  if (source === to) throw new UserError(`These buckets lie on ${to} already.`);
  return source;
}
