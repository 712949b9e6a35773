import { UserError } from '@weft/errors';
import { composeSubgraphs, printProblem, readSubgraphs, type SubgraphSource } from '@weft/schema';
import { CLONE } from './data/clone.ts';
import type { DataFolder } from './data/data-folder.ts';
import { writeText } from './data/secret-file.ts';

/** The list that says which subgraphs there are. */
export const SUBGRAPH_LIST = 'schema/subgraphs.yaml';

/** The subgraphs of this clone with their SDL; addresses are those of the list. */
export const listSubgraphs = (list = SUBGRAPH_LIST): SubgraphSource[] => readSubgraphs(list, { directory: CLONE });

/** Composes the supergraph with the addresses where the subgraphs really answer, and writes it in one step. */
export async function writeSupergraph(
  sources: readonly SubgraphSource[],
  urls: Readonly<Record<string, string>>,
  folder: DataFolder,
): Promise<void> {
  const composition = composeSubgraphs(sources.map((source) => ({ ...source, url: urls[source.name] ?? source.url })));
  if ('errors' in composition) {
    throw new UserError(`The subgraphs do not compose:\n${composition.errors.map(printProblem).join('\n')}`);
  }
  await writeText(folder.supergraph, composition.supergraphSdl);
}
