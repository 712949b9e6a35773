import type { z } from 'zod';
import { withoutCredentials } from './addresses.ts';
import { allowedAt } from './allowed.ts';
import { nearestKey } from './nearest-key.ts';
import type { Problem } from './problem.ts';
import { dottedKeys, keysOf, noteOf, schemaAt } from './schema-tree.ts';
import type { SetVariable } from './variables.ts';
import type { YamlSource } from './yaml-source.ts';

export interface Given {
  readonly schema: z.ZodType;
  /** File and variables together: what the schema was asked to read. */
  readonly value: unknown;
  readonly source: YamlSource;
  readonly variables: readonly SetVariable[];
  /** Every variable that could be set, by the key it stands for. */
  readonly table: Readonly<Record<string, string>>;
}

/** zod's issue as a person needs it: where, which key, what was read, what is allowed. */
export function explainIssue(issue: z.core.$ZodIssue, given: Given): Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(issue.path, key, given));
  const at = schemaAt(given.schema, issue.path);
  const key = dotted(issue.path);
  const read = valueAt(given.value, issue.path);
  const allowed = at === undefined ? issue.message : allowedAt(at);
  if (read === undefined) {
    const variable = Object.keys(given.table).find((name) => given.table[name] === key);
    const or = variable === undefined ? '' : `; set it here or by ${variable}`;
    return [{ place: given.source.placeOf(issue.path), key, text: `missing; allowed: ${allowed}${or}` }];
  }
  const secret = at !== undefined && noteOf(at)?.secret === true;
  const reason = issue.code === 'custom' ? `${issue.message}; ` : '';
  const shown = secret ? 'read a value that is not shown' : `read ${printed(read)}`;
  return [{ place: placeOf(issue.path, given), key, text: `${shown}; ${reason}allowed: ${allowed}` }];
}

function unknownKey(path: readonly PropertyKey[], key: string, given: Given): Problem {
  const section = path.length === 0 ? given.schema : schemaAt(given.schema, path);
  const known = (section && keysOf(section)) ?? [];
  const nearest = nearestKey(key, known, dottedKeys(given.schema));
  const hint = nearest === undefined ? `known keys: ${known.join(', ')}` : `did you mean "${nearest}"?`;
  return {
    place: given.source.placeOfKey(path, key),
    key: dotted([...path, key]),
    text: `unknown key; ${hint}`,
  };
}

function placeOf(path: readonly PropertyKey[], given: Given): string {
  const variable = given.variables.find((set) => set.path.every((step, index) => step === String(path[index])));
  return variable === undefined ? given.source.placeOf(path) : variable.name;
}

/** The value at a path; undefined when there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = current[key as keyof typeof current];
  }
  return current;
}

/** A scalar as it was read, cut to a line; what is larger is named, since it could hold a secret. */
function printed(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  const text = withoutCredentials(value);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
}

export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
