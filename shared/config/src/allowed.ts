import type { z } from 'zod';
import { definitionOf, noteOf, unwrap } from './schema-tree.ts';

/** What a key may hold, as words that end a sentence: "a whole number from 1 to 65535". */
export function allowedAt(schema: z.core.$ZodType): string {
  const known = noteOf(schema);
  if (known !== undefined) return known.allowed;
  const definition = definitionOf(unwrap(schema));
  switch (definition.type) {
    case 'string':
      return `text${lengthBounds(unwrap(schema))}`;
    case 'number':
      return number(unwrap(schema));
    case 'boolean':
      return 'true or false';
    case 'enum':
      return oneOf(Object.values(definition.entries));
    case 'literal':
      return oneOf(definition.values);
    case 'array':
      return `a list, each item ${allowedAt(definition.element)}`;
    case 'object':
      return `keys: ${Object.keys(definition.shape).join(', ')}`;
    case 'record':
      return `a mapping of names, each to ${allowedAt(definition.valueType)}`;
    case 'union':
      return definition.options.map(allowedAt).join(', or ');
    default:
      return definition.type;
  }
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;
}

/** zod keeps the bounds that checks set in a bag whose type depends on the schema; only these four are read. */
interface Bounds {
  readonly format?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly exclusiveMinimum?: number | bigint;
  readonly exclusiveMaximum?: number | bigint;
}

function number(schema: z.core.$ZodType): string {
  const bounds: Bounds = schema._zod.bag;
  const kind = bounds.format?.includes('int') === true ? 'a whole number' : 'a number';
  const from = finite(bounds.minimum);
  const to = finite(bounds.maximum);
  if (from !== undefined && to !== undefined) return `${kind} from ${from} to ${to}`;
  if (from !== undefined) return `${kind}, at least ${from}`;
  if (to !== undefined) return `${kind}, at most ${to}`;
  if (bounds.exclusiveMinimum !== undefined) return `${kind} above ${bounds.exclusiveMinimum}`;
  if (bounds.exclusiveMaximum !== undefined) return `${kind} below ${bounds.exclusiveMaximum}`;
  return kind;
}

/** zod's own bounds of a safe integer are nobody's rule. */
function finite(bound: number | bigint | undefined): number | bigint | undefined {
  return bound === undefined || Math.abs(Number(bound)) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

function lengthBounds(schema: z.core.$ZodType): string {
  const bounds: Bounds = schema._zod.bag;
  if (bounds.minimum !== undefined && bounds.maximum !== undefined) {
    return ` of ${bounds.minimum} to ${bounds.maximum} characters`;
  }
  if (bounds.minimum !== undefined)
    return Number(bounds.minimum) === 1 ? ' that is not empty' : ` of at least ${bounds.minimum} characters`;
  if (bounds.maximum !== undefined) return ` of at most ${bounds.maximum} characters`;
  return '';
}
