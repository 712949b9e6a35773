import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { CheckBase } from '../check-input.ts';
import type { SubgraphSource } from '../compose/compose.ts';
import { committedText, mergeBase } from './git.ts';
import { readSubgraphList } from './subgraph-list.ts';
import { whenThere } from './when-there.ts';

/** `git:origin/main`: the supergraph as it was committed there. */
const GIT = 'git:';

export interface BaseOptions {
  /** A supergraph file, or `git:REF`. */
  readonly base?: string | undefined;
  /** Compare with where this branch left that one. */
  readonly changed?: string | undefined;
  /** The list of subgraphs, relative to `directory`. */
  readonly config: string;
  /** The committed supergraph, relative to `directory`. */
  readonly supergraph: string;
  readonly directory: string;
}

/**
 * What to compare with: the file or revision that is named; else what was committed where this branch left the main
 * one, so that composing again in the same change hides nothing; else the supergraph beside the list, when it is there.
 */
export function readBase({ base, changed, config, supergraph, directory }: BaseOptions): CheckBase | undefined {
  if (base?.startsWith(GIT))
    return committedBase(base.slice(GIT.length), base, { config, supergraph, directory }, true);
  if (base !== undefined) {
    const sdl = whenThere(() => readFileSync(resolve(directory, base), 'utf8'));
    if (sdl === undefined) {
      throw new UserError(`--base: read "${base}", but there is no such file. Allowed: a supergraph file, or git:REF.`);
    }
    return { name: base, supergraphSdl: sdl };
  }
  const left = mergeBase(directory, changed);
  if (left === undefined && changed !== undefined) {
    throw new UserError(`--changed: read "${changed}", but git knows no commit that it and HEAD have in common.`);
  }
  if (left !== undefined) {
    const name = `${supergraph} of ${left.branch} (${left.commit.slice(0, 8)})`;
    const found = committedBase(left.commit, name, { config, supergraph, directory }, changed !== undefined);
    if (found !== undefined) return found;
  }
  const sdl = whenThere(() => readFileSync(resolve(directory, supergraph), 'utf8'));
  return sdl === undefined ? undefined : { name: supergraph, supergraphSdl: sdl };
}

type Files = Pick<BaseOptions, 'config' | 'supergraph' | 'directory'>;

function committedBase(ref: string, name: string, files: Files, required: boolean): CheckBase | undefined {
  const read = committedText(ref, resolve(files.directory, files.supergraph));
  if ('text' in read) return { name, supergraphSdl: read.text, subgraphs: committedSubgraphs(ref, files) };
  if (!required) return undefined;
  throw new UserError(`--base: git does not have ${files.supergraph} at "${ref}": ${read.why}`);
}

/** Undefined when the list or one of its files was not committed, or could not be read then as it is now. */
function committedSubgraphs(ref: string, { config, directory }: Files): SubgraphSource[] | undefined {
  try {
    return readSubgraphList(config, { directory }, (path) => {
      const read = committedText(ref, path);
      return 'text' in read ? read.text : undefined;
    }).sources;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
