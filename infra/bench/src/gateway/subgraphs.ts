import { readFileSync } from 'node:fs';
import { composeSubgraphs } from '@weft/schema';

/** The subgraphs of the benched graph: a little shop of the shape that the field's public benchmark made common. */
export const SUBGRAPHS = ['accounts', 'products', 'inventory', 'reviews'] as const;

/** One request that a gateway sent to a subgraph. */
export interface AskedRequest {
  readonly subgraph: string;
  /** One character a byte. */
  readonly body: string;
  /** Requests of one wave went out before any of them was answered. */
  readonly wave: number;
}

export type SubgraphAddresses = Readonly<Record<string, string>>;

export const sdlFile = (subgraph: string): URL => new URL(`./graph/${subgraph}.graphql`, import.meta.url);

/** The supergraph with the addresses at which the subgraphs answer in this run. */
export function composeGraph(urls: SubgraphAddresses): string {
  const composition = composeSubgraphs(
    SUBGRAPHS.map((name) => ({
      name,
      url: urls[name] ?? '',
      file: `${name}.graphql`,
      sdl: readFileSync(sdlFile(name), 'utf8'),
    })),
  );
  if ('errors' in composition) throw new Error(JSON.stringify(composition.errors));
  return composition.supergraphSdl;
}
