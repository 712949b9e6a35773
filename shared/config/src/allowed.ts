import type { z } from 'zod';
import { definitionOf, noteOf, unwrap } from './schema-tree.ts';

/** What a key may hold, as words that end a sentence: "a whole number from 1 to 65535". */
export function allowedAt(schema: z.core.$ZodType): string {
  const known = noteOf(schema);
  if (known !== undefined) return known.allowed;
  const definition = definitionOf(unwrap(schema));
  switch (definition.type) {
    case 'string':
      return text(unwrap(schema));
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

interface Bounds {
  isWhole: boolean;
  atLeast?: number | bigint;
  atMost?: number | bigint;
  above?: number | bigint;
  below?: number | bigint;
}

function boundsOf(schema: z.core.$ZodType): Bounds {
  const definition = definitionOf(schema);
  const bounds: Bounds = { isWhole: 'format' in definition && String(definition.format).includes('int') };
  for (const check of (definition.checks ?? []) as z.core.$ZodChecks[]) {
    const rule = check._zod.def;
    if (rule.check === 'number_format') bounds.isWhole ||= rule.format.includes('int');
    else if (rule.check === 'greater_than') bounds[rule.inclusive ? 'atLeast' : 'above'] = Number(rule.value);
    else if (rule.check === 'less_than') bounds[rule.inclusive ? 'atMost' : 'below'] = Number(rule.value);
    else if (rule.check === 'min_length') bounds.atLeast = rule.minimum;
    else if (rule.check === 'max_length') bounds.atMost = rule.maximum;
  }
  return bounds;
}

function number(schema: z.core.$ZodType): string {
  const { isWhole, atLeast, atMost, above, below } = boundsOf(schema);
  const kind = isWhole ? 'a whole number' : 'a number';
  if (atLeast !== undefined && atMost !== undefined) return `${kind} from ${atLeast} to ${atMost}`;
  const limits = [
    atLeast === undefined ? [] : `at least ${atLeast}`,
    atMost === undefined ? [] : `at most ${atMost}`,
    above === undefined ? [] : `above ${above}`,
    below === undefined ? [] : `below ${below}`,
  ].flat();
  return [kind, ...limits].join(', ');
}

function text(schema: z.core.$ZodType): string {
  const { atLeast, atMost } = boundsOf(schema);
  if (atLeast !== undefined && atMost !== undefined) return `text of ${atLeast} to ${atMost} characters`;
  if (atLeast !== undefined) return atLeast === 1 ? 'text that is not empty' : `text of at least ${atLeast} characters`;
  return atMost === undefined ? 'text' : `text of at most ${atMost} characters`;
}
