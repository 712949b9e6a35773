import type { z } from 'zod';
import { childOf, definitionOf, noteOf, schemaAt, unwrap } from './schema-tree.ts';

/** A variable that is set: its name, the path it stands for and its value as the schema wants it. */
export interface SetVariable {
  readonly name: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The variables of the table that are set. An empty one counts as not set: that is how a compose file or a shell leaves one out. */
export function readVariables(
  schema: z.ZodType,
  table: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv,
): SetVariable[] {
  return Object.entries(table).flatMap(([name, dotted]) => {
    const path = dotted.split('.');
    const leaf = schemaAt(schema, path);
    if (leaf === undefined) throw new Error(`${name} stands for ${dotted}, which the schema does not have`);
    const text = environment[name];
    return text === undefined || text === '' ? [] : [{ name, path, value: fromText(leaf, text) }];
  });
}

/** Text as the number, boolean or list that the schema wants; text that is none of these stays, and the schema refuses it. */
function fromText(schema: z.core.$ZodType, text: string): unknown {
  if (noteOf(schema) !== undefined) return text;
  const definition = definitionOf(unwrap(schema));
  const { type } = definition;
  if (definition.type === 'union') {
    const read = definition.options.map((option) => fromText(option, text));
    return read.find((value) => value !== text) ?? text;
  }
  if (type === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  if (type === 'array') {
    const element = childOf(schema, 0);
    return text.split(',').map((item) => (element === undefined ? item.trim() : fromText(element, item.trim())));
  }
  return text;
}

/** The file's values with the variables laid over them; what the file holds is not changed. */
export function overlay(value: unknown, variables: readonly SetVariable[]): unknown {
  return variables.reduce((whole, variable) => withValue(whole, variable.path, variable.value), value);
}

function withValue(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  // A section that is not a mapping stays what it is, so that the schema can complain of it.
  if (whole !== undefined && whole !== null && !isMapping(whole)) return whole;
  const mapping = whole ?? {};
  return {
    ...mapping,
    [key]: withValue(Object.hasOwn(mapping, key) ? mapping[key as keyof typeof mapping] : undefined, rest, value),
  };
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
