import { dirname, join } from 'node:path';
import { checkSchema } from '../check.ts';
import { type Composition, composeSubgraphs } from '../compose/compose.ts';
import { loadAsGateway } from '../compose/load-as-gateway.ts';
import type { CheckReport } from '../report.ts';
import { readBase, readOperations } from './schema-files.ts';
import { readSubgraphs } from './subgraph-list.ts';

export interface ComposeFilesOptions {
  /** The list of subgraphs, relative to `directory`. */
  readonly config: string;
  readonly urls?: Readonly<Record<string, string>>;
  /** Where the command runs: paths are read and shown relative to it. */
  readonly directory: string;
}

/** `weft compose` without its output: a result is one that the gateway loads. Throws UserError for unreadable input. */
export function composeFiles({ config, urls = {}, directory }: ComposeFilesOptions): Composition {
  const composition = composeSubgraphs(readSubgraphs(config, { urls, directory }));
  if ('errors' in composition) return composition;
  const loaded = loadAsGateway(composition.supergraphSdl);
  return 'schema' in loaded ? composition : { errors: [loaded] };
}

export interface CheckFilesOptions extends ComposeFilesOptions {
  /** A supergraph file or `git:REF`; without it `supergraph.graphql` beside the configuration. */
  readonly base?: string | undefined;
  /** A folder; without it `operations` beside the configuration. */
  readonly operations?: string | undefined;
}

/** `weft check` without its output. Throws UserError for unreadable input. */
export function checkFiles({ config, base, operations, directory }: CheckFilesOptions): Promise<CheckReport> {
  const beside = dirname(config);
  return checkSchema({
    subgraphs: readSubgraphs(config, { directory }),
    base: readBase(base, join(beside, 'supergraph.graphql'), directory),
    operations: readOperations(operations, join(beside, 'operations'), directory),
  });
}
