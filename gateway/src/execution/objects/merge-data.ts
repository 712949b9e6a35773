import { ABSENT, type Data, DISAGREED, FAILED, isData } from './data.ts';
import type { TypeRelations } from './type-relations.ts';

/**
 * Merges what a subgraph gave for an object into what is known of it. A value wins over null; a concrete type name is never
 * replaced by an abstract one (`@interfaceObject`). `copy`: the same answer goes to several objects, so nothing of it may be
 * shared between them: later steps write into each.
 */
export function mergeData(target: Data, source: Data, relations: TypeRelations, copy: boolean): void {
  for (const key of Object.keys(source)) {
    // no step asks for it, and writing it would not make a key
    if (key === '__proto__') continue;
    const value = source[key];
    const known = target[key];
    target[key] = key === '__typename' ? typename(known, value, relations) : both(known, value, relations, copy);
  }
}

function both(known: unknown, value: unknown, relations: TypeRelations, copy: boolean): unknown {
  if (isNothing(value)) return known === undefined || known === null ? value : known;
  if (isNothing(known)) return copy ? copyOf(value) : value;
  if (isData(known) && isData(value)) {
    mergeData(known, value, relations, copy);
    return known;
  }
  if (Array.isArray(known) && Array.isArray(value)) {
    if (known.length !== value.length) return DISAGREED;
    for (const [index, item] of value.entries()) known[index] = both(known[index], item, relations, copy);
    return known;
  }
  return isData(known) || Array.isArray(known) ? known : copy ? copyOf(value) : value;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === FAILED || value === ABSENT;
}

function typename(known: unknown, value: unknown, { isAbstract }: TypeRelations): unknown {
  if (typeof known !== 'string') return value;
  if (typeof value !== 'string' || value === known || isAbstract(value)) return known;
  return isAbstract(known) ? value : DISAGREED;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isData(value)) return value;
  const copied: Data = {};
  for (const key of Object.keys(value)) if (key !== '__proto__') copied[key] = copyOf(value[key]);
  return copied;
}
