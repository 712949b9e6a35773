import { runSubgraph } from '@weft/subgraph';
import { subgraph } from './subgraph.ts';

await runSubgraph(subgraph);
