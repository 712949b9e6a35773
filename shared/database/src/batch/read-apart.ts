import { isGraphError } from '@weft/errors';
import type { Asker, Load } from './flight.ts';

/** Outcomes of loads, by load. Rejects when their statement failed. */
export type ReadLoads<Key> = (loads: readonly Load<Key>[]) => Promise<ReadonlyMap<Load<Key>, unknown>>;

/** A value that the server refuses fails the whole statement, and it may have come from one request of many. */
export function mayBeOfOne(error: unknown, loads: readonly Load<unknown>[]): boolean {
  return isGraphError(error) && error.code === 'BAD_USER_INPUT' && byAskers(loads).length > 1;
}

/**
 * Reads again, by halves, what was refused as a whole, until a refusal meets only loads that the same requests want.
 * One statement after the other: they share the place of the one that failed. Never rejects.
 */
export async function readApart<Key>(
  loads: readonly Load<Key>[],
  read: ReadLoads<Key>,
): Promise<ReadonlyMap<Load<Key>, unknown>> {
  const outcomes = new Map<Load<Key>, unknown>();
  const split = async (groups: readonly (readonly Load<Key>[])[]): Promise<void> => {
    const middle = Math.ceil(groups.length / 2);
    for (const half of [groups.slice(0, middle), groups.slice(middle)]) {
      const part = half.flat();
      try {
        for (const [load, outcome] of await read(part)) outcomes.set(load, outcome);
      } catch (error) {
        if (mayBeOfOne(error, part)) await split(half);
        else for (const load of part) outcomes.set(load, error);
      }
    }
  };
  await split(byAskers(loads));
  return outcomes;
}

/** Loads that exactly the same requests wait for are together. Those that nobody waits for any more are left out. */
function byAskers<Key>(loads: readonly Load<Key>[]): Load<Key>[][] {
  const numbers = new Map<Asker, number>();
  const groups = new Map<string, Load<Key>[]>();
  for (const load of loads) {
    const askers = new Set(load.waits.map(({ wait }) => numberOf(numbers, wait.asker)));
    if (askers.size === 0) continue;
    const name = [...askers].sort((a, b) => a - b).join(' ');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [load]);
    else group.push(load);
  }
  return [...groups.values()];
}

function numberOf(numbers: Map<Asker, number>, asker: Asker): number {
  const known = numbers.get(asker) ?? numbers.size;
  numbers.set(asker, known);
  return known;
}
