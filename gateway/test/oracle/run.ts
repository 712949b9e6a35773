import type { Engine } from '../../src/execution/engine.ts';
import { drawOperation, type Operation } from './draw-operation.ts';
import { drawWorld } from './draw-world.ts';
import { type Graph, type OpenEngine, openGraph } from './graph.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export interface RunOptions {
  readonly seed: number;
  readonly operations: number;
  readonly openEngine: OpenEngine;
  /** Operations on one graph before the next is drawn. */
  readonly operationsPerGraph?: number;
  /** Undefined: drawn. */
  readonly subgraphs?: number;
  /** Of the graphs of the seed, those before this one are left out. */
  readonly firstGraph?: number;
  /** Before an operation is asked, for whoever waits in vain. */
  readonly onAsk?: (asked: Asked) => void;
  readonly onVerdict?: (kind: Exclude<Verdict['kind'], 'invalid'>) => void;
  readonly onFailure?: (failure: Failure) => Promise<void> | void;
}

export interface Asked {
  /** Its place among the graphs of the seed. */
  readonly index: number;
  readonly graphSeed: number;
  readonly operation: Operation;
}

/** An operation that was not answered right, with all that is needed to look at it. */
export interface Failure {
  readonly graph: Graph;
  readonly engine: Engine;
  readonly operation: Operation;
  readonly verdict: Verdict;
}

export interface Summary {
  readonly seed: number;
  readonly graphs: number;
  /** Drawn graphs that did not compose. */
  readonly uncomposed: number;
  readonly operations: number;
  readonly right: number;
  readonly wrong: number;
  readonly refused: number;
  readonly crashed: number;
}

const PER_GRAPH = 40;
/** Graph seeds of different runs do not meet. */
const SEED_STRIDE = 100_000;

/** Draws graphs and operations until enough have been answered. The same seed draws the same. */
export async function runOracle(options: RunOptions): Promise<Summary> {
  const { seed, operations, openEngine, operationsPerGraph = PER_GRAPH } = options;
  const counts = { graphs: 0, uncomposed: 0, operations: 0, right: 0, wrong: 0, refused: 0, crashed: 0 };
  for (let index = options.firstGraph ?? 0; counts.operations < operations; index++) {
    const graph = openGraph(drawWorld(seed * SEED_STRIDE + index, options.subgraphs));
    if (graph === undefined) {
      counts.uncomposed++;
      continue;
    }
    counts.graphs++;
    const engine = await openEngine(graph.supergraphSdl, graph.mocks.call);
    const most = Math.min(operationsPerGraph, operations - counts.operations);
    for (let number = 0; number < most; number++) {
      const operation = drawOperation(graph.schema, graph.world.seed * 1_000 + number);
      if (operation === undefined) continue;
      options.onAsk?.({ index, graphSeed: graph.world.seed, operation });
      const verdict = await verdictOf(graph, engine, operation);
      if (verdict.kind === 'invalid') continue;
      counts.operations++;
      counts[verdict.kind]++;
      options.onVerdict?.(verdict.kind);
      if (verdict.kind !== 'right') await options.onFailure?.({ graph, engine, operation, verdict });
    }
    await engine.stop();
  }
  return { seed, ...counts };
}
