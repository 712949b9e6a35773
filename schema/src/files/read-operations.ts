import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { UserError } from '@weft/errors';
import { parseManifest } from '../operations/manifest.ts';
import type { OperationFile } from '../operations/operations.ts';
import { parseUsage, type Usage } from '../operations/usage.ts';
import { whenThere } from './when-there.ts';

/**
 * The operations of every `*.graphql` under a folder, and of every list of trusted documents (`*.json`), by name of
 * file. Without `given` the folder beside the configuration.
 */
export function readOperations(given: string | undefined, beside: string, directory: string): OperationFile[] {
  const folder = resolve(directory, given ?? beside);
  const names = whenThere(() => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
  if (names === undefined && given === undefined) return [];
  if (names === undefined) {
    throw new UserError(
      `--operations: read "${given}", but there is no such folder. Allowed: a folder with *.graphql files.`,
    );
  }
  return names
    .filter((name) => /\.(graphql|gql|json)$/.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const file = relative(directory, path);
      const text = readFileSync(path, 'utf8');
      return name.endsWith('.json') ? parseManifest(text, file) : [{ file, text }];
    });
}

export interface UsageOptions {
  readonly given?: string | undefined;
  readonly beside: string;
  /** Operations that were last seen longer ago count as unused; milliseconds before the window's end. */
  readonly sinceMs?: number | undefined;
  readonly directory: string;
}

/** Usage that was pulled into a file. Without `given` the one beside the configuration, if it is there. */
export function readUsage({ given, beside, sinceMs, directory }: UsageOptions): Usage | undefined {
  const file = given ?? beside;
  const text = whenThere(() => readFileSync(resolve(directory, file), 'utf8'));
  if (text === undefined && given !== undefined)
    throw new UserError(`--usage: read "${given}", but there is no such file.`);
  if (text === undefined) return undefined;
  const usage = parseUsage(text, file);
  if (sinceMs === undefined) return usage;
  const from = new Date(usage.to).getTime() - sinceMs;
  const rows = usage.rows.map((row) =>
    row.lastSeen !== undefined && new Date(row.lastSeen).getTime() < from ? { ...row, count: 0 } : row,
  );
  return { ...usage, rows };
}
