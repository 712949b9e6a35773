import type { GraphError } from '@weft/errors';
import type { AskedFields } from './asked-fields.ts';
import { type ABSENT, type Data, FAILED } from './data.ts';
import type { ErrorList, Path } from './error-list.ts';
import { pathOf, type Target } from './targets.ts';

/** One error for each field that the targets should have got, which are null from now on. */
export function failFields(error: GraphError, targets: readonly Target[], asked: AskedFields, errors: ErrorList): void {
  for (const target of targets) {
    const path = pathOf(target);
    for (const field of asked(target.object.__typename)) errors.add(error, [...path, field]);
  }
  fillFields(FAILED, targets, asked);
}

/** Fields that nobody has brought yet are null; why is told elsewhere. */
export function fillFields(why: typeof FAILED | typeof ABSENT, targets: readonly Target[], asked: AskedFields): void {
  for (const { object } of targets) {
    for (const field of asked(object.__typename)) if (object[field] === undefined) object[field] = why;
  }
}

/** The null that an error of a subgraph left in its answer: at the error's path, or above it where null could not be. */
export function markFailure(data: Data, path: Path): void {
  let at: unknown = data;
  for (const key of path) {
    // a number that is kept as it was written is an object that nothing can be put into
    if (typeof at !== 'object' || at === null || JSON.isRawJSON(at)) return;
    const parent = at as Record<string | number, unknown>;
    const value = Object.hasOwn(parent, key) ? parent[key] : undefined;
    if (value === null || value === undefined) {
      if (key !== '__proto__') parent[key] = FAILED;
      return;
    }
    at = value;
  }
}
