import type { PeerDefinition } from '../subgraph-peer.ts';

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.7", import: ["@key", "@external", "@requires", "@provides", "@shareable"])';

/** Each resolver gives what shows which field was asked with which arguments, and what came with the representation. */
export function subgraph(name: string, typeDefs: string, resolvers: Record<string, unknown>): PeerDefinition {
  return { name, typeDefs: `${LINK} ${typeDefs}`, resolvers };
}

/** A `__resolveReference` that knows no more than it was told. */
export const same = (reference: unknown): unknown => reference;
