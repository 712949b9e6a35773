import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { inspect } from 'node:util';
import { z } from 'zod';
import { note } from './schema-tree.ts';

/** A value that no log, no JSON and no inspection shows; only `reveal()` gives it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}

const SOURCES = 'as text or as file:/absolute/path';

/** One secret: its text, or `file:/absolute/path` of a file that holds it (a newline at the end is not part of it). */
export function secret(options: { readonly minLength?: number } = {}) {
  const minLength = options.minLength ?? 1;
  const schema = z.unknown().transform((given, context): Secret => {
    const read = readSecret(given, minLength);
    if (read instanceof Secret) return read;
    context.issues.push({ code: 'custom', message: read, input: undefined });
    return z.NEVER;
  });
  return note(schema, { allowed: `a secret${atLeast(minLength)}, ${SOURCES}`, secret: true, readsText: true });
}

/** Secrets for rotation, the current one first: a list, or text with commas between. */
export function secretList(options: { readonly minLength?: number } = {}) {
  const minLength = options.minLength ?? 1;
  const schema = z.unknown().transform((given, context): Secret[] => {
    const items = typeof given === 'string' ? given.split(',').map((item) => item.trim()) : given;
    const complain = (message: string) => context.issues.push({ code: 'custom', message, input: undefined });
    if (!Array.isArray(items) || items.length === 0) {
      complain('there must be at least one');
      return z.NEVER;
    }
    return items.flatMap((item: unknown, index) => {
      const read = readSecret(item, minLength);
      if (read instanceof Secret) return [read];
      complain(`number ${index + 1}: ${read}`);
      return [];
    });
  });
  const allowed = `secrets${atLeast(minLength)} with commas between or as a list, the current one first, each ${SOURCES}`;
  return note(schema, { allowed, secret: true, readsText: true });
}

function atLeast(minLength: number): string {
  return minLength > 1 ? ` of at least ${minLength} characters` : '';
}

/** The secret, or what is wrong with it in words that never hold it. */
function readSecret(given: unknown, minLength: number): Secret | string {
  if (typeof given !== 'string') return 'it is not text (a number needs quotes)';
  const text = given.startsWith('file:') ? readSecretFile(given.slice('file:'.length)) : { secret: given };
  if ('problem' in text) return text.problem;
  if (text.secret.length < minLength)
    return text.secret === '' ? 'it is empty' : `it has only ${text.secret.length} characters`;
  return new Secret(text.secret);
}

function readSecretFile(path: string): { secret: string } | { problem: string } {
  if (!isAbsolute(path)) return { problem: `file:${path} is not an absolute path` };
  try {
    return { secret: readFileSync(path, 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { problem: `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'})` };
  }
}
