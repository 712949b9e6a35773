import type { Operation } from './draw-operation.ts';
import { type OpenEngine, openGraph } from './graph.ts';
import type { Failure } from './run.ts';
import { shrinkOperation } from './shrink-operation.ts';
import { shrinkWorld } from './shrink-world.ts';
import { verdictOf } from './verdict.ts';
import type { World } from './world.ts';

/** The same kind of failure with as little of the operation and the graph as still shows it; the graph is cut for `budgetMs` at most. */
export async function shrinkFailure(failure: Failure, openEngine: OpenEngine, budgetMs = 60_000): Promise<Failure> {
  const { kind } = failure.verdict;
  const until = performance.now() + budgetMs;
  let best = await withSmallOperation(failure);
  const attempt = async (world: World, operation: Operation): Promise<Failure | undefined> => {
    if (performance.now() > until) return undefined;
    let engine: Failure['engine'] | undefined;
    try {
      const graph = openGraph(world);
      if (graph === undefined) return undefined;
      engine = await openEngine(graph.supergraphSdl, graph.mocks.call);
      const verdict = await verdictOf(graph, engine, operation);
      if (verdict.kind === kind) return { graph, engine, operation, verdict };
    } catch {
      // what does not compose or no longer fits the operation is no smaller case
    }
    await engine?.stop();
    return undefined;
  };
  await shrinkWorld(failure.graph.world, async (world) => {
    const found = await attempt(world, best.operation);
    if (found !== undefined) best = found;
    return found !== undefined;
  });
  return withSmallOperation(best);
}

async function withSmallOperation(failure: Failure): Promise<Failure> {
  const { graph, engine, verdict } = failure;
  let best = failure;
  const operation = await shrinkOperation(graph.schema, failure.operation, async (smaller) => {
    const found = await verdictOf(graph, engine, smaller);
    if (found.kind !== verdict.kind) return false;
    best = { ...failure, operation: smaller, verdict: found };
    return true;
  });
  return { ...best, operation };
}
