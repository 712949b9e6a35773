import { composeServices } from '@apollo/composition';
import { loadSupergraph } from '@weft/supergraph';
import { type GraphQLSchema, parse } from 'graphql';
import type { Engine } from '../../src/execution/engine.ts';
import type { CallSubgraph } from '../../src/subgraph-call.ts';
import { type MockedSubgraphs, mockSubgraphs } from './mocked-subgraphs.ts';
import { createMonolith, type Monolith } from './monolith.ts';
import { printSubgraphs } from './print-subgraphs.ts';
import type { World } from './world.ts';

/** Makes the engine that is checked. */
export type OpenEngine = (supergraphSdl: string, call: CallSubgraph) => Promise<Engine>;

/** A world that composed: its subgraphs, and what their graph must answer. */
export interface Graph {
  readonly world: World;
  readonly subgraphs: readonly { readonly name: string; readonly typeDefs: string }[];
  readonly supergraphSdl: string;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly mocks: MockedSubgraphs;
  readonly monolith: Monolith;
}

/** `urls`: of its subgraphs, when they are called over HTTP. Undefined: the subgraphs do not compose, which is the affair of whoever drew them. */
export function openGraph(world: World, urls: Readonly<Record<string, string>> = {}): Graph | undefined {
  const subgraphs = printSubgraphs(world);
  const { supergraphSdl } = composeServices(
    subgraphs.map(({ name, typeDefs }) => ({
      name,
      url: urls[name] ?? `http://${name}.invalid/`,
      typeDefs: parse(typeDefs),
    })),
  );
  if (supergraphSdl === undefined) return undefined;
  const { schema } = loadSupergraph(supergraphSdl);
  const mocks = mockSubgraphs(world, subgraphs);
  return { world, subgraphs, supergraphSdl, schema, mocks, monolith: createMonolith(world, schema, mocks.schemas) };
}
