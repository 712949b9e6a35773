import { execFileSync } from 'node:child_process';
import { dirname, relative } from 'node:path';
import { messageOf } from '@weft/errors';

/** Where changes are merged to, by the usual names; the first that is there. */
const MAIN_BRANCHES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'];

/** What git prints, or undefined when it refuses. */
function git(directory: string, ...args: readonly string[]): string | undefined {
  try {
    return runGit(directory, args);
  } catch {
    return undefined;
  }
}

function runGit(directory: string, args: readonly string[]): string {
  return execFileSync('git', [...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
  });
}

/** The commit that this branch left `branch` at, or undefined: no git, no such branch, nothing in common. */
export function mergeBase(
  directory: string,
  branch?: string,
): { readonly commit: string; readonly branch: string } | undefined {
  for (const name of branch === undefined ? MAIN_BRANCHES : [branch]) {
    const commit = git(directory, 'merge-base', 'HEAD', name)?.trim();
    if (commit) return { commit, branch: name };
  }
  return undefined;
}

/** The text of a file as it was committed at `ref`, or why there is none. */
export function committedText(ref: string, path: string): { readonly text: string } | { readonly why: string } {
  try {
    return { text: runGit(dirname(path), ['show', `${ref}:./${relative(dirname(path), path)}`]) };
  } catch (error) {
    return { why: (error as { stderr?: string }).stderr?.trim() || messageOf(error) };
  }
}
