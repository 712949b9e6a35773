export { type LoadedSupergraph, loadSupergraph, type SubgraphAddress } from './load-supergraph.ts';
