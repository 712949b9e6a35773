import { reportFailure } from '@weft/errors';
import { stopOnSignal } from '@weft/service';
import type { Subgraph } from '../definition/define-subgraph.ts';
import { startSubgraph } from './start-subgraph.ts';

/** A whole main.ts: starts the subgraph from its settings and ends with the process. A start that fails exits 2 or 70. */
export async function runSubgraph<T>(subgraph: Subgraph<T>): Promise<void> {
  try {
    const { service } = await startSubgraph(subgraph);
    stopOnSignal(service);
  } catch (error) {
    process.exit(reportFailure(error, (text) => console.error(text)));
  }
}
