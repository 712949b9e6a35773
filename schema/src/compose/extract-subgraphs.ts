import { loadSupergraph } from '@weft/supergraph';

export interface ExtractedSubgraph {
  readonly name: string;
  /** Empty when the supergraph does not say it. */
  readonly url: string;
  /** Without what a supergraph does not keep: `@cacheControl` and other directives that only the subgraph reads. */
  readonly sdl: string;
}

/**
 * The subgraphs that a supergraph was composed from, as far as it tells.
 *
 * @throws GraphError SUPERGRAPH_INVALID
 */
export function extractSubgraphs(supergraphSdl: string): ExtractedSubgraph[] {
  const { supergraph } = loadSupergraph(supergraphSdl);
  return supergraph
    .subgraphs()
    .values()
    .map((subgraph) => ({ name: subgraph.name, url: subgraph.url, sdl: `${subgraph.toString().trim()}\n` }));
}
