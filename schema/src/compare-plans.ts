import { cachingProblems, graphCacheRules, looserCaching, otherHints } from './caching/caching-changes.ts';
import type { Comparison } from './check-input.ts';
import { accessChanges, isProtected } from './exposure/access-changes.ts';
import { contractProblems } from './exposure/contracts.ts';
import { looserProblems, shownProblems, tightenedProblems } from './exposure/exposure-problems.ts';
import { newlyShown } from './exposure/shown-elements.ts';
import type { UsedOperation } from './operations/known-operations.ts';
import { planPairs, planProblems } from './plans/plan-changes.ts';
import type { SupergraphChanges } from './plans/supergraph-changes.ts';
import type { Problem, SourcePlace } from './problem.ts';

interface PlanComparison extends Comparison {
  readonly joins: SupergraphChanges;
  /** Those that are valid before and after. */
  readonly operations: readonly UsedOperation[];
  placesOf(coordinate: string): readonly SourcePlace[];
}

/** What no comparison of API schemas shows: plans, caching, and who may see what. */
export async function comparePlans(comparison: PlanComparison): Promise<Problem[]> {
  const { input, base, next, policy, operations, joins, known, placesOf } = comparison;
  const caching = cachingOf(comparison);
  const hints = caching === undefined ? [] : otherHints(caching.base, caching.next);
  const touched = new Set([...joins.touched, ...hints]);
  const pairs = await planPairs(operations, { base, next, touched, all: input.allPlans === true });
  const access = accessChanges(base, next);
  const isSecret = (coordinate: string) => isProtected(coordinate, next) || isProtected(coordinate, base);
  const looser = caching === undefined ? [] : looserCaching(caching.base, caching.next, isSecret);
  const exposure = { base, operations, otherwise: known.otherwise, policy, placesOf };
  return [
    ...looserProblems(access, looser, exposure),
    ...shownProblems(newlyShown(base, next), 'the API', exposure),
    ...contractProblems({ next, contracts: input.contracts ?? {} }, { base, exposure }),
    ...tightenedProblems(access, exposure),
    ...planProblems(pairs, { policy, shardKeys: input.shardKeys ?? {} }),
    ...(caching === undefined ? [] : cachingProblems(pairs, caching.base, caching.next, policy)),
  ];
}

function cachingOf({ baseDocuments, documents }: PlanComparison) {
  if (baseDocuments === undefined) return undefined;
  return { base: graphCacheRules(baseDocuments), next: graphCacheRules(documents) };
}
