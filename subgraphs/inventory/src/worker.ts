import { runWorker } from '@weft/subgraph';
import { subgraph } from './subgraph.ts';

await runWorker(subgraph);
