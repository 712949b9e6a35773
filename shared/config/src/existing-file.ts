import { accessSync, constants, statSync } from 'node:fs';
import { z } from 'zod';
import { note } from './schema-tree.ts';

/** The path of a file that must be there and readable when the process starts. */
export function existingFile(): z.ZodType<string> {
  const schema = z.unknown().transform((given, context): string => {
    const message = wrongWith(given);
    if (message === undefined) return given as string;
    context.issues.push({ code: 'custom', message, input: undefined });
    return z.NEVER;
  });
  return note(schema, { allowed: 'the path of a file that is there', readsText: true });
}

function wrongWith(given: unknown): string | undefined {
  if (typeof given !== 'string' || given === '') return 'not a path';
  try {
    accessSync(given, constants.R_OK);
    return statSync(given).isFile() ? undefined : 'that is not a file';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return 'there is no such file';
    return code === 'EACCES' ? 'this user may not read it' : `it cannot be read (${code ?? String(error)})`;
  }
}
