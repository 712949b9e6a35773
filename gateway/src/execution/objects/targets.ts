import type { Place } from '../plan/steps.ts';
import { type Data, isData } from './data.ts';
import type { Path } from './error-list.ts';

/** An object of the answer that a step completes. */
export interface Target {
  readonly object: Data;
  readonly place: Place;
  /** For each `@` of the place, where in the list. */
  readonly indexes: readonly number[];
}

const NO_INDEXES: readonly number[] = [];

/** The objects at a place, in the order of the answer; nulls and what has another kind are passed over. */
export function addTargets(root: Data, place: Place, targets: Target[]): void {
  walk(root, place, 0, NO_INDEXES, targets);
}

function walk(value: unknown, place: Place, at: number, indexes: readonly number[], targets: Target[]): void {
  const key = place[at];
  if (key === '@') {
    if (!Array.isArray(value)) return;
    for (let index = 0; index < value.length; index += 1)
      walk(value[index], place, at + 1, [...indexes, index], targets);
  } else if (isData(value)) {
    if (key === undefined) targets.push({ object: value, place, indexes });
    else walk(value[key], place, at + 1, indexes, targets);
  }
}

export function pathOf({ place, indexes }: Target): Path {
  let next = 0;
  return place.map((key) => (key === '@' ? (indexes[next++] ?? 0) : key));
}
