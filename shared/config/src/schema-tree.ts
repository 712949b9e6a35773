import type { z } from 'zod';

/** What a config piece knows of itself beyond zod: how to print what is allowed, and whether its value may be printed. */
export interface PieceNote {
  /** "a length of time with its unit (ms, s, m, h, d), such as 500ms or 5s" */
  readonly allowed: string;
  readonly secret?: boolean;
  /** The piece takes text and splits it itself, so a variable's text reaches it whole. */
  readonly readsText: true;
}

const notes = new WeakMap<object, PieceNote>();

export function note<S extends z.ZodType>(schema: S, known: PieceNote): S {
  notes.set(schema, known);
  return schema;
}

type Node = z.core.$ZodType;
export type Definition = z.core.$ZodTypes['_zod']['def'];

export function definitionOf(schema: Node): Definition {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The note of a piece, also through `.describe()`, `.optional()`, `.default()` and the like. */
export function noteOf(schema: Node): PieceNote | undefined {
  let current: Node | undefined = schema;
  while (current !== undefined) {
    const found = notes.get(current) ?? (current._zod.parent && notes.get(current._zod.parent));
    if (found !== undefined) return found;
    current = innerOf(current);
  }
  return undefined;
}

/** The schema below wrappers (optional, default, prefault, nullable, pipe ...); itself when there is none. */
export function unwrap(schema: Node): Node {
  let current = schema;
  for (let inner = innerOf(current); inner !== undefined; inner = innerOf(current)) current = inner;
  return current;
}

function innerOf(schema: Node): Node | undefined {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return definition.innerType;
    case 'pipe':
      return definition.in;
    case 'lazy':
      return definition.getter();
    default:
      return undefined;
  }
}

/** The schema one step down: a key of an object, any key of a record, any place of a list. */
export function childOf(schema: Node, key: PropertyKey): Node | undefined {
  const definition = definitionOf(unwrap(schema));
  if (definition.type === 'object')
    return Object.hasOwn(definition.shape, key) ? definition.shape[String(key)] : undefined;
  if (definition.type === 'record') return definition.valueType;
  if (definition.type === 'array') return definition.element;
  return undefined;
}

export function schemaAt(schema: Node, path: readonly PropertyKey[]): Node | undefined {
  let current: Node | undefined = schema;
  for (const key of path) {
    if (current === undefined) return undefined;
    current = childOf(current, key);
  }
  return current;
}

/** The keys that an object schema knows; undefined for anything that is not one. */
export function keysOf(schema: Node): readonly string[] | undefined {
  const definition = definitionOf(unwrap(schema));
  return definition.type === 'object' ? Object.keys(definition.shape) : undefined;
}

/** Every dotted key of a schema, objects included, in the order they were declared. */
export function dottedKeys(schema: Node, prefix = ''): string[] {
  return (keysOf(schema) ?? []).flatMap((key) => {
    const child = childOf(schema, key);
    const name = prefix === '' ? key : `${prefix}.${key}`;
    return child === undefined ? [name] : [name, ...dottedKeys(child, name)];
  });
}
