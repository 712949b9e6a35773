import type { ExecutionResult } from 'graphql';
import { createRandom, hashText, type Random } from './random.ts';
import { jsonValues } from './values.ts';

/** The answer of a subgraph as a text: compact, indented, its fields shuffled or its strings escaped. All of it is legal JSON. */
export function writeReply(seed: number, body: string, executed: ExecutionResult): string {
  const result = { ...executed, ...(executed.errors && { errors: executed.errors.map((error) => error.toJSON()) }) };
  const random = createRandom(hashText(`${seed}:${body}`));
  switch (random.int(5)) {
    case 0:
      return JSON.stringify(result, undefined, random.pick(['\t', ' ', '  ']));
    case 1:
      return JSON.stringify(shuffle(result, random));
    case 2:
      return escapeLetters(JSON.stringify(shuffle(result, random)), random);
    default:
      return JSON.stringify(result);
  }
}

function shuffle(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffle(item, random));
  if (typeof value !== 'object' || value === null || jsonValues.has(value)) return value;
  const fields = Object.entries(value);
  const shuffled: Record<string, unknown> = Object.create(null);
  while (fields.length > 0) {
    const [field] = fields.splice(random.int(fields.length), 1);
    if (field !== undefined) shuffled[field[0]] = shuffle(field[1], random);
  }
  return shuffled;
}

/** Letters of strings as `\uXXXX`, those of two units as two: half of one would be no character in UTF-8. */
function escapeLetters(json: string, random: Random): string {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replace(/\\.[0-9a-f]{0,4}|[^"\\]/gu, (part) =>
      part.startsWith('\\') || !random.chance(0.1) ? part : part.split('').map(escapeUnit).join(''),
    ),
  );
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
