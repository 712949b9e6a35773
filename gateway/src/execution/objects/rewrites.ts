import type { DataRewrite } from '../plan/steps.ts';
import { type Data, isData } from './data.ts';
import type { TypeRelations } from './type-relations.ts';

const CONDITION = '... on ';

/** Changes data in place. */
export function applyRewrites(data: unknown, rewrites: readonly DataRewrite[], relations: TypeRelations): void {
  for (const rewrite of rewrites) applyAt(data, rewrite, 0, relations);
}

function applyAt(value: unknown, rewrite: DataRewrite, at: number, relations: TypeRelations): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(item, rewrite, at, relations);
    return;
  }
  if (!isData(value)) return;
  const key = rewrite.path[at];
  if (key === undefined) return;
  if (key.startsWith(CONDITION)) {
    const { __typename: type } = value;
    // the subgraph was asked for fields of one type only, and so not for its name
    if (typeof type === 'string' && !relations.fits(type, key.slice(CONDITION.length))) return;
    applyAt(value, rewrite, at + 1, relations);
  } else if (at === rewrite.path.length - 1) {
    change(value, key, rewrite);
  } else if (Object.hasOwn(value, key)) {
    applyAt(value[key], rewrite, at + 1, relations);
  }
}

function change(object: Data, key: string, rewrite: DataRewrite): void {
  if (rewrite.kind === 'ValueSetter') {
    object[key] = rewrite.setValueTo;
  } else if (Object.hasOwn(object, key)) {
    object[rewrite.renameKeyTo] = object[key];
    delete object[key];
  }
}

type Path = readonly (string | number)[];

/** A path of the subgraph's answer after its renames. */
export function renamePath(path: Path, renames: readonly DataRewrite[]): Path {
  if (renames.length === 0) return path;
  const keys: string[] = [];
  return path.map((key) => {
    if (typeof key === 'number') return key;
    keys.push(key);
    const text = keys.join('.');
    const found = renames.find((one) => one.kind === 'KeyRenamer' && keysOf(one).join('.') === text);
    return found?.kind === 'KeyRenamer' ? found.renameKeyTo : key;
  });
}

function keysOf({ path }: DataRewrite): string[] {
  return path.filter((key) => !key.startsWith(CONDITION));
}
