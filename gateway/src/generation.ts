import { loadSupergraph } from '@weft/supergraph';
import type { Telemetry } from '@weft/telemetry';
import type { GatewayConfig } from './config/index.ts';
import type { EngineOptions, UsedOperation } from './execution/engine.ts';
import { createApolloHost, supergraphId } from './operation/apollo-host.ts';
import type { OperationHost } from './operation/operation-stage.ts';
import { admitted, validatedStages } from './operation/validated-stages.ts';
import type { CallBytes, CallSubgraph } from './subgraph-call.ts';
import type { Generation } from './supergraph/generations.ts';

/** All that belongs to one supergraph: schema, engine with its plans, host with its parsed documents. */
export interface GatewayGeneration extends Generation {
  readonly host: OperationHost;
  /** Of the addresses of its subgraphs. */
  readonly origins: readonly string[];
  /** Operations that it was asked, the most used first. */
  used(most: number): readonly UsedOperation[];
  /** Plans operations of the generation before, so that nobody waits for that after the swap. */
  warm(used: readonly UsedOperation[], bounds: { signal: AbortSignal; deadlineMs: number }): Promise<number>;
}

/** Each engine by its name in the configuration. One is loaded: what the other stands on takes 30 MiB. */
const ENGINES = {
  apollo: async () => (await import('./execution/apollo/engine.ts')).createApolloEngine,
  weft: async () => (await import('./execution/weft/engine.ts')).createWeftEngine,
};
const MIB = 1024 * 1024;

/**
 * @throws GraphError SUPERGRAPH_INVALID
 */
export async function buildGeneration(
  sdl: string,
  options: {
    readonly config: GatewayConfig;
    readonly telemetry: Telemetry;
    readonly call: CallSubgraph;
    readonly callBytes: CallBytes;
  },
): Promise<GatewayGeneration> {
  const { config, telemetry, call, callBytes } = options;
  const { subgraphs, access, demand, sdl: supergraphSdl } = loadSupergraph(sdl);
  const engineOptions: EngineOptions = {
    supergraphSdl,
    call,
    callBytes,
    trustSubgraphErrors: config.secrets !== undefined,
    errorExtensions: config.errors.extensions,
  };
  const { planner, timeout: timeoutMs, maxMemoryBytes } = config.planning;
  const planning = { planner, threads: { timeoutMs, maxMemoryMb: Math.floor(maxMemoryBytes / MIB) } };
  const createEngine = await ENGINES[config.engine]();
  const engine = await createEngine({ ...engineOptions, planning, telemetry, generateCode: config.codeGeneration });
  const executor = admitted(
    engine,
    validatedStages({
      schema: engine.schema,
      access,
      demand,
      ...config.demandControl,
      deduplicate: config.http.deduplicate,
      operationTimeoutMs: config.traffic.operationTimeout,
    }),
  );
  const host = await createApolloHost({ id: supergraphId(sdl), executor, mode: config.mode, telemetry });
  return {
    id: host.id,
    host,
    origins: subgraphs.flatMap(({ url }) => (URL.canParse(url) ? [new URL(url).origin] : [])),
    used: (most) => engine.used?.(most) ?? [],
    warm: async (used, bounds) => (await engine.warm?.(used, bounds)) ?? 0,
    async stop() {
      await host.stop();
      await engine.stop();
    },
  };
}
