import { createTelemetry } from '@weft/telemetry';
import { createApolloEngine } from '../../src/execution/apollo/engine.ts';
import { createWeftEngine } from '../../src/execution/weft/engine.ts';
import type { OpenEngine } from './graph.ts';

const telemetry = createTelemetry({ service: 'oracle', logLevel: 'silent' });

/** Every engine that the oracle can check, by its name in the configuration. */
export const ENGINES: Readonly<Record<string, OpenEngine>> = {
  apollo: (supergraphSdl, call) =>
    createApolloEngine({ supergraphSdl, call, telemetry, trustSubgraphErrors: true, errorExtensions: [] }),
  weft: (supergraphSdl, call) =>
    createWeftEngine({ supergraphSdl, call, telemetry, trustSubgraphErrors: true, errorExtensions: [] }),
  native: (supergraphSdl, call) =>
    createWeftEngine({
      supergraphSdl,
      call,
      telemetry,
      // native code that panics would take the oracle along
      planning: { planner: 'native', threads: { timeoutMs: 5_000, maxMemoryMb: 512 } },
      trustSubgraphErrors: true,
      errorExtensions: [],
    }),
};
