import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, UserError } from '@weft/errors';
import { type FolderLock, letPostgresThrough, lockFolder } from '@weft/postgres';
import { SHARD_MAP_FILE } from './clone.ts';

const SHARD_MAP = 'shard-map.yaml';

/** Where everything lies that one running graph keeps. */
export interface DataFolder {
  readonly directory: string;
  readonly postgres: string;
  readonly secrets: string;
  readonly logs: string;
  readonly console: string;
  readonly supergraph: string;
  readonly subgraphUrls: string;
  readonly ports: string;
  readonly jwks: string;
  /** Which buckets lie on which of this folder's shards. `weft shard move` changes it. */
  readonly shardMap: string;
  /** The books of the payment provider. They go with the databases, whose orders they are about. */
  readonly ledger: string;
  readonly lock: FolderLock;
}

/** Takes a data folder for this process; with `fresh` all that an earlier graph kept there but the databases is removed. */
export async function openDataFolder(path: string, { fresh }: { readonly fresh: boolean }): Promise<DataFolder> {
  const directory = resolve(path);
  const at = (name: string): string => join(directory, name);
  const folder = {
    directory,
    postgres: at('postgres'),
    secrets: at('secrets'),
    logs: at('logs'),
    console: at('console'),
    supergraph: at('supergraph.graphql'),
    subgraphUrls: at('subgraph-urls.json'),
    ports: at('ports.json'),
    jwks: join(at('secrets'), 'jwks.json'),
    shardMap: at(SHARD_MAP),
    ledger: at('payments.jsonl'),
  };
  const lock = await makeAndLock(directory);
  try {
    if (fresh) {
      // By name, never the folder itself: it may be one that a person named with --data and keeps other things in.
      const { secrets, logs, console, supergraph, subgraphUrls, ports, shardMap, ledger } = folder;
      for (const old of [secrets, logs, console, supergraph, subgraphUrls, ports, shardMap, ledger])
        await rm(old, { recursive: true, force: true });
    }
    await mkdir(folder.secrets, { recursive: true, mode: 0o700 });
    await mkdir(folder.logs, { recursive: true });
    return { ...folder, lock };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The shard map of a data folder; before its first start the one that it will begin with. */
export function shardMapOf(directory: string): string {
  const own = join(directory, SHARD_MAP);
  return existsSync(own) ? own : SHARD_MAP_FILE;
}

async function makeAndLock(directory: string): Promise<FolderLock> {
  try {
    await makeFolder(directory);
    await letPostgresThrough(directory);
    return await lockFolder(directory);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `The data folder ${directory} cannot be written (${messageOf(error)}). Name another one with --data.`,
      { exitCode: 1, cause: error },
    );
  }
}

/** Level by level: `recursive` asks again and again where a file system answers that the new folder's parent is missing. */
async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = dirname(directory);
    if (code === 'EEXIST' && (await stat(directory)).isDirectory()) return;
    // What is above is there and yet missing: nothing can be made here.
    if (code !== 'ENOENT' || above === directory || existsSync(above)) throw error;
    await makeFolder(above);
    await makeFolder(directory);
  }
}
