import { MAP_CHANNEL } from '../live-map.ts';
import type { ShardMap } from '../shard-map.ts';
import type { Admin } from './admin.ts';

/**
 * How far a move has come. Up to `cutting` the old map holds and what was done is undone; from `switched` on the new map
 * holds and the rest is done. There is nothing between: one transaction on the source makes the step.
 */
export type MoveStep = 'preparing' | 'copying' | 'cutting' | 'switched' | 'cleaning';

/** The row of `weft.move` on the source: a move that was begun and has not ended. */
export interface MoveState {
  readonly buckets: readonly number[];
  readonly source: string;
  readonly target: string;
  readonly step: MoveStep;
  /** Text of the map that holds afterwards. */
  readonly map: string;
}

export async function readMove(admin: Admin): Promise<MoveState | undefined> {
  const [{ there } = { there: false }] = await admin.query<{ there: boolean }>(
    `select to_regclass('weft.move') is not null as there`,
  );
  if (!there) return undefined;
  const [row] = await admin.query<MoveState>('select buckets, source, target, step, map from weft.move');
  return row;
}

export async function beginMove(source: Admin, state: MoveState): Promise<void> {
  await source.query('insert into weft.move (buckets, source, target, step, map) values ($1, $2, $3, $4, $5)', [
    state.buckets,
    state.source,
    state.target,
    state.step,
    state.map,
  ]);
}

export async function setStep(source: Admin, step: MoveStep): Promise<void> {
  await source.query('update weft.move set step = $1', [step]);
}

export async function endMove(source: Admin): Promise<void> {
  await source.query('delete from weft.move');
}

/** Records a map on a shard, unless it has that one or a newer one, and tells every process that listens. */
export async function publishMap(admin: Admin, map: ShardMap): Promise<void> {
  await admin.query(
    `with newer as (update weft.shard_map set version = $1, map = $2, recorded_at = now() where version < $1 returning version)
     select pg_notify($3, version::text) from newer`,
    [map.version, map.text, MAP_CHANNEL],
  );
}
