import type { SpanContext, Telemetry } from '@weft/telemetry';
import type { RowStore } from '../cache/row-store.ts';
import type { ReadLimits, ShardAnswer } from '../server/shard.ts';
import type { ShardStatement } from '../server/traced-run.ts';
import type { Asker } from './flight.ts';
import { createLane, type Lane, type LaneLimits } from './lane.ts';

/** What a read for several requests has: nothing that belongs to one of them. */
export interface SharedReadContext {
  readonly rows: RowStore;
  read(shard: string, statement: ShardStatement, limits: ReadLimits): Promise<ShardAnswer>;
}

/** Where keys are read: the statement of a loader, a shard, and which of its servers may answer. */
export interface ReadPlace<Loader> {
  readonly loader: Loader;
  readonly shard: string;
  readonly from: 'any' | 'seen' | 'primary';
}

/** How the loaders of one kind read keys at a place. */
export interface ReadKind<Loader, Key> {
  textOf(key: Key): string;
  read(
    context: SharedReadContext,
    place: ReadPlace<Loader>,
    keys: readonly Key[],
    limits: LaneLimits,
  ): Promise<readonly unknown[]>;
}

/** The reads of all requests of one database, in lanes. */
export interface SharedReads {
  /** As {@link Lane.load}. */
  load<Loader extends object, Key>(
    kind: ReadKind<Loader, Key>,
    place: ReadPlace<Loader>,
    keys: readonly Key[],
    asker: Asker,
  ): Promise<unknown[]>;
  /** Something was written on a shard, or it is not known where: who asks from now on joins nothing that was sent before. */
  outdate(shard?: string): void;
}

type Lanes = Readonly<Record<ReadPlace<never>['from'], Lane<never>>>;

export function createSharedReads(telemetry: Telemetry, context: SharedReadContext): SharedReads {
  const ofShard = new Map<string, Map<object, Lanes>>();

  const laneAt = <Loader, Key>(kind: ReadKind<Loader, Key>, place: ReadPlace<Loader>): Lane<never> =>
    createLane<Key>({
      textOf: kind.textOf,
      // Who needs to see a write needs what was true when it asked, and what is being read may be older.
      joinsFlights: place.from === 'any',
      read: (keys, limits, askers) =>
        within(telemetry, askers, (links) => kind.read(withLinks(context, links), place, keys, limits)),
    });

  const laneOf = <Loader extends object, Key>(kind: ReadKind<Loader, Key>, place: ReadPlace<Loader>): Lane<Key> => {
    const { shard, loader, from } = place;
    const ofLoader = ofShard.get(shard) ?? new Map<object, Lanes>();
    ofShard.set(shard, ofLoader);
    let lanes = ofLoader.get(loader);
    if (lanes === undefined) {
      lanes = {
        any: laneAt(kind, { loader, shard, from: 'any' }),
        seen: laneAt(kind, { loader, shard, from: 'seen' }),
        primary: laneAt(kind, { loader, shard, from: 'primary' }),
      };
      ofLoader.set(loader, lanes);
    }
    return lanes[from] as unknown as Lane<Key>;
  };

  return {
    load: (kind, place, keys, asker) => laneOf(kind, place).load(keys, asker),
    outdate(shard) {
      for (const [name, ofLoader] of ofShard) {
        if (shard === undefined || shard === name) for (const { any } of ofLoader.values()) any.outdate();
      }
    },
  };
}

/** A statement is a part of the first batch that asked, and linked to the others. */
function within<T>(
  telemetry: Telemetry,
  [first, ...others]: readonly SpanContext[],
  work: (links: readonly SpanContext[]) => Promise<T>,
): Promise<T> {
  return first === undefined ? work([]) : telemetry.within(first, () => work(others));
}

function withLinks(context: SharedReadContext, links: readonly SpanContext[]): SharedReadContext {
  if (links.length === 0) return context;
  return { ...context, read: (shard, statement, limits) => context.read(shard, { ...statement, links }, limits) };
}
