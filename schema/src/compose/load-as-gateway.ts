import { isGraphError } from '@weft/errors';
import { type LoadedSupergraph, loadSupergraph } from '@weft/supergraph';
import type { Problem } from '../problem.ts';

/** Composition accepts features that the gateway refuses to load; such a supergraph must not go out. */
export function loadAsGateway(supergraphSdl: string): LoadedSupergraph | Problem {
  try {
    return loadSupergraph(supergraphSdl);
  } catch (error) {
    if (!isGraphError(error)) throw error;
    const message = `The subgraphs compose, but the gateway refuses the result. ${error.message}`;
    return { code: 'GATEWAY_REFUSES', severity: 'error', rule: 'F1', message, places: [] };
  }
}
