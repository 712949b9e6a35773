import type { z } from 'zod';
import { allowedAt } from './allowed.ts';
import { definitionOf, dottedKeys, keysOf, noteOf, schemaAt } from './schema-tree.ts';

/** One row of docs/config.md. */
export interface ConfigRow {
  /** Dotted. */
  readonly key: string;
  readonly allowed: string;
  /** As it would be written in the file; undefined when there is none. */
  readonly default: string | undefined;
  readonly required: boolean;
  readonly description: string;
  /** The variable that wins over the file. */
  readonly variable: string | undefined;
}

/** What a configuration can hold, a row for each key that is not a section, in the order of the schema. */
export function describeConfig(schema: z.ZodType, env: Readonly<Record<string, string>> = {}): ConfigRow[] {
  const variables = new Map(Object.entries(env).map(([name, key]) => [key, name]));
  return dottedKeys(schema).flatMap((key) => {
    const at = schemaAt(schema, key.split('.'));
    if (at === undefined || keysOf(at) !== undefined) return [];
    const outer = outerOf(at);
    return [
      {
        key,
        allowed: allowedAt(at),
        default: noteOf(at)?.secret === true || outer.default === undefined ? undefined : written(outer.default()),
        required: !outer.optional,
        description: descriptionOf(at),
        variable: variables.get(key),
      },
    ];
  });
}

/** The rows as a Markdown table. */
export function configTable(rows: readonly ConfigRow[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const lines = rows.map((row) => {
    const byDefault = row.default === undefined ? (row.required ? 'required' : 'none') : `\`${row.default}\``;
    const variable = row.variable === undefined ? '' : `\`${row.variable}\``;
    return `| \`${row.key}\` | ${cell(row.allowed)} | ${cell(byDefault)} | ${variable} | ${cell(row.description)} |`;
  });
  return ['| key | allowed | default | variable | meaning |', '|---|---|---|---|---|', ...lines, ''].join('\n');
}

/** A default can be made when it is asked for, so a secret's is not asked for. */
function outerOf(schema: z.core.$ZodType): { optional: boolean; default?: () => unknown } {
  const definition = definitionOf(schema);
  if (definition.type === 'default' || definition.type === 'prefault') {
    return { optional: true, default: () => definition.defaultValue };
  }
  if (definition.type === 'optional') return { ...outerOf(definition.innerType), optional: true };
  if (definition.type === 'nullable' || definition.type === 'readonly' || definition.type === 'catch') {
    return outerOf(definition.innerType);
  }
  return { optional: false };
}

/** `.describe()` can stand inside or outside of `.optional()` and `.default()`. */
function descriptionOf(schema: z.core.$ZodType): string {
  const own = (schema as z.ZodType).description;
  if (own !== undefined) return own;
  const definition = definitionOf(schema);
  return 'innerType' in definition ? descriptionOf(definition.innerType) : '';
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
