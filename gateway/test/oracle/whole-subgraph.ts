import { loadSupergraph } from '@weft/supergraph';
import { type ExecutionResult, print } from 'graphql';
import type { OpenEngine } from './graph.ts';

/** No federation: a graph of one subgraph, asked what the client asks. It must give what the monolith gives. */
export const openWholeSubgraph: OpenEngine = async (supergraphSdl, call) => {
  const { schema, subgraphs } = loadSupergraph(supergraphSdl);
  const [only = { name: '', url: '' }] = subgraphs;
  return {
    name: 'whole subgraph',
    schema,
    async execute({ document, variables }, context) {
      const body = JSON.stringify({ query: print(document), variables });
      const { text } = await call({ subgraph: only.name, address: only.url, type: 'query', body, path: '', context });
      return JSON.parse(text) as ExecutionResult;
    },
    stop: async () => undefined,
  };
};
