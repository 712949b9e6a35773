import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isGraphError, messageOf, UserError } from '@weft/errors';
import { type LoadedSupergraph, loadSupergraph } from '@weft/supergraph';
import type { OperationFile } from '../operations/operations.ts';
import { whenThere } from './when-there.ts';

/** `git:origin/main`: the supergraph as it was committed there. */
const GIT = 'git:';

export interface Base {
  readonly name: string;
  readonly supergraph: LoadedSupergraph;
}

/**
 * The supergraph to compare with: a file, or the committed one of a git revision (`git:REF`).
 * Without `base` the one beside the configuration, if it is there.
 */
export function readBase(base: string | undefined, beside: string, directory: string): Base | undefined {
  const name = base ?? beside;
  const sdl = name.startsWith(GIT)
    ? readFromGit(name.slice(GIT.length), beside, directory)
    : readText(resolve(directory, name));
  if (sdl === undefined && base === undefined) return undefined;
  if (sdl === undefined) {
    throw new UserError(`--base: read "${base}", but there is no such file. Allowed: a supergraph file, or git:REF.`);
  }
  try {
    return { name, supergraph: loadSupergraph(sdl) };
  } catch (error) {
    if (!isGraphError(error)) throw error;
    throw new UserError(`--base: ${name} is no supergraph to compare with. ${error.message}`);
  }
}

/** The operations of every `*.graphql` under a folder, by name of file. Without `given` the folder beside the configuration. */
export function readOperations(given: string | undefined, beside: string, directory: string): OperationFile[] {
  const folder = resolve(directory, given ?? beside);
  const names = filesUnder(folder);
  if (names === undefined && given === undefined) return [];
  if (names === undefined) {
    throw new UserError(
      `--operations: read "${given}", but there is no such folder. Allowed: a folder with *.graphql files.`,
    );
  }
  return names
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => join(folder, name))
    .map((path) => ({ file: relative(directory, path), text: readFileSync(path, 'utf8') }));
}

function filesUnder(folder: string): string[] | undefined {
  return whenThere(() => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
}

function readText(path: string): string | undefined {
  return whenThere(() => readFileSync(path, 'utf8'));
}

function readFromGit(ref: string, file: string, directory: string): string {
  const path = resolve(directory, file);
  try {
    return execFileSync('git', ['show', `${ref}:./${relative(dirname(path), path)}`], {
      cwd: dirname(path),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 256 * 1024 * 1024,
    });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() || messageOf(error);
    throw new UserError(`--base: git does not have ${file} at "${ref}": ${said}`);
  }
}
