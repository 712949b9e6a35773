import { readFile, rename, writeFile } from 'node:fs/promises';

/** A JSON file for its owner alone: the value that is there, else one that is made and kept. */
export async function keptSecret<T>(file: string, make: (before: T | undefined) => Promise<T> | T): Promise<T> {
  const before = await readJson<T>(file);
  const value = await make(before);
  if (JSON.stringify(value) !== JSON.stringify(before)) await writeJson(file, value, 0o600);
  return value;
}

/** Writes a JSON file in one step: who watches it sees the old or the new content. */
export async function writeJson(file: string, value: unknown, mode = 0o644): Promise<void> {
  await writeText(file, `${JSON.stringify(value, undefined, 2)}\n`, mode);
}

export async function writeText(file: string, text: string, mode = 0o644): Promise<void> {
  const part = `${file}.${process.pid}`;
  await writeFile(part, text, { mode });
  await rename(part, file);
}

/** Undefined when the file is not there or was cut off while it was written. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
