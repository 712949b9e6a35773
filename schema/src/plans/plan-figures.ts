import type { PlannedFetch, PlannedStep } from '@weft/supergraph';

/** What a plan costs, as far as its shape says. */
export interface PlanFigures {
  readonly fetches: number;
  /** The longest chain of fetches that wait for each other. */
  readonly depth: number;
  readonly subgraphs: readonly string[];
  /** Subgraphs of the longest chain, in its order. */
  readonly criticalPath: readonly string[];
  /** `products by sku`: entity fetches that cannot know the shard of their rows. */
  readonly scattered: readonly string[];
}

/** The field of an entity's key that says the shard of its row, by subgraph and type; others ask every shard. */
export type ShardKeys = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function planFigures(plan: PlannedStep | undefined, shardKeys: ShardKeys = {}): PlanFigures {
  const fetches = fetchesOf(plan);
  const criticalPath = longestChain(plan);
  return {
    fetches: fetches.length,
    depth: criticalPath.length,
    subgraphs: [...new Set(fetches.map(({ subgraph }) => subgraph))].sort(),
    criticalPath,
    scattered: [...new Set(fetches.flatMap((fetch) => scatters(fetch, shardKeys[fetch.subgraph] ?? {})))].sort(),
  };
}

/** All fetches in the order of the plan; of a condition, those of all its ways. */
export function fetchesOf(step: PlannedStep | undefined): PlannedFetch[] {
  if (step === undefined) return [];
  return step.kind === 'fetch' ? [step] : step.steps.flatMap(fetchesOf);
}

function longestChain(step: PlannedStep | undefined): string[] {
  if (step === undefined) return [];
  if (step.kind === 'fetch') return [step.subgraph];
  const chains = step.steps.map(longestChain);
  if (step.kind === 'sequence') return chains.flat();
  return chains.reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []);
}

function scatters({ subgraph, entities }: PlannedFetch, keys: Readonly<Record<string, string>>): string[] {
  return entities.flatMap(({ type, fields }) => {
    const key = keys[type];
    if (key === undefined || fields.includes(key)) return [];
    return [`${subgraph}: ${type} by ${fields.join(' ')}`];
  });
}
