import { loadSupergraph } from '@weft/supergraph';
import type { Log } from '@weft/telemetry';
import { createTypeRelations } from '../objects/type-relations.ts';
import { namesInFieldSets } from '../plan/field-sets.ts';
import { type PlannerName, reservedNames } from '../planner/planners.ts';
import { createPlanningHere } from '../planning/plan-request.ts';
import { createPlanningThreads } from '../planning/planning-threads.ts';
import type { KnownOperationOptions } from './known-operation.ts';

export interface PlanningOptions {
  readonly planner: PlannerName;
  /** Undefined: plans are made on the thread that asks, without bounds; for tools that keep nobody waiting. */
  readonly threads: { readonly timeoutMs: number; readonly maxMemoryMb: number } | undefined;
}

const PLAN_HERE: PlanningOptions = { planner: 'apollo', threads: undefined };

/**
 * All that operations on one supergraph are planned and compiled with. `planning` is to be stopped. Without `options`: for
 * tools, which plan on their own thread.
 *
 * @throws GraphError SUPERGRAPH_INVALID
 */
export async function createEngineContext(
  supergraphSdl: string,
  options?: { readonly generateCode?: boolean; readonly planning?: PlanningOptions; readonly log: Log },
): Promise<KnownOperationOptions> {
  const { planner, threads } = options?.planning ?? PLAN_HERE;
  const { document, schema, supergraph, subgraphs } = loadSupergraph(supergraphSdl);
  const addresses = new Map(subgraphs.map(({ name, url }) => [name, url]));
  const whole = supergraph.schema.toGraphQLJSSchema();
  const source = { planner, supergraphSdl };
  return {
    planning:
      options === undefined || threads === undefined
        ? createPlanningHere(source)
        : await createPlanningThreads({ ...source, ...threads, log: options.log }),
    schema,
    generateCode: options?.generateCode ?? true,
    supergraph: whole,
    relations: createTypeRelations(whole),
    addressOf: (subgraph) => addresses.get(subgraph) ?? '',
    names: { reserved: reservedNames(planner, document), inFieldSets: namesInFieldSets(document) },
  };
}
