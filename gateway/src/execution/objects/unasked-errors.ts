import { needsOf, type Way } from '../plan/needs.ts';
import type { PlanStep } from '../plan/steps.ts';
import { typenameOf } from './complete.ts';
import { type Data, FAILED, isData } from './data.ts';
import type { ErrorList, Path } from './error-list.ts';
import type { FieldShape, ObjectShape, ValueShape } from './shapes.ts';

export interface Answered {
  /** The merged data. */
  readonly root: Data;
  readonly shape: ObjectShape;
  readonly steps: readonly PlanStep[];
}

/**
 * Forgets errors of fields that the client did not select for the type that the object turned out to have: a plan that
 * cannot know the type asks them of every object (`@interfaceObject`). An error that explains a null stays: of a field that
 * something else was needed for, or one that took its whole object with it.
 */
export function dropUnasked(errors: ErrorList, { root, shape, steps }: Answered): void {
  const paths = errors.paths();
  const unasked = paths.flatMap((path) => unaskedIn(path, root, shape) ?? []);
  if (unasked.length === 0) return;
  const needed = new Set(steps.flatMap(({ groups }) => (groups === null ? [] : [...needsOf({ groups })])));
  const told = new Set(paths.flatMap((path) => path.map((_key, index) => JSON.stringify(path.slice(0, index + 1)))));
  const dropped = new Set(
    unasked
      .filter(({ way, parent, object, fields }) => {
        const explains = fields.some(
          ({ from }) => object[from] === FAILED && !told.has(JSON.stringify([...parent, from])),
        );
        return !explains && ![...needed].some((need) => isPart(need, way) || isPart(way, need));
      })
      .map(({ path }) => path),
  );
  errors.keepOnly((path) => !dropped.has(path));
}

function isPart(whole: Way, way: Way): boolean {
  return whole === way || whole.startsWith(`${way}.`);
}

interface Unasked {
  readonly path: Path;
  readonly way: Way;
  /** Path of the object that has the field. */
  readonly parent: Path;
  readonly object: Data;
  /** What the client selected of it. */
  readonly fields: readonly FieldShape[];
}

/** Undefined when the path is one of the client's, or leaves what is known. */
function unaskedIn(path: Path, root: Data, rootShape: ObjectShape): Unasked | undefined {
  let value: unknown = root;
  let shape: ValueShape = { kind: 'object', nonNull: true, shape: rootShape, name: rootShape.type };
  for (const [index, key] of path.entries()) {
    if (typeof key === 'number') {
      if (shape.kind !== 'list' || !Array.isArray(value)) return undefined;
      shape = shape.item;
      value = value[key];
      continue;
    }
    if (shape.kind !== 'object' || !isData(value)) return undefined;
    const object = value;
    const typename = typenameOf(object, shape.shape);
    const fields: readonly FieldShape[] | undefined = typename === undefined ? undefined : shape.shape.fields(typename);
    if (fields === undefined) return undefined;
    const field: FieldShape | undefined = fields.find(({ from }) => from === key);
    if (field === undefined) {
      const way = path.flatMap((name) => (typeof name === 'number' ? [] : [`.${name}`])).join('');
      return { path, way, parent: path.slice(0, index), object, fields };
    }
    shape = field.value;
    value = object[key];
  }
  return undefined;
}
