import type { CacheAnnotation } from '@weft/cache-control';
import type { DocumentNode } from 'graphql';
import type { UsedOperation } from '../operations/known-operations.ts';
import type { PlanPair } from '../plans/plan-changes.ts';
import { fetchesOf } from '../plans/plan-figures.ts';
import type { Problem } from '../problem.ts';
import { operationProblem } from '../verdict/operation-problem.ts';
import type { CheckPolicy as Policy } from '../verdict/policy.ts';
import { type CacheRules, fieldHint, readCacheRules } from './cache-rules.ts';
import { type CachePolicy, fetchPolicy, strictest } from './fetch-policy.ts';

/** By name of the subgraph. */
export type GraphCacheRules = ReadonlyMap<string, CacheRules>;

export function graphCacheRules(documents: ReadonlyMap<string, DocumentNode>): GraphCacheRules {
  return new Map([...documents].map(([name, document]) => [name, readCacheRules(document)]));
}

/**
 * Types, and for the root types `Query.field`, of which a `@cacheControl` changed: a supergraph does not show it. What
 * comes, goes or moves to another subgraph, it does show.
 */
export function otherHints(base: GraphCacheRules, next: GraphCacheRules): Set<string> {
  const changed = new Set<string>();
  for (const [name, { types, roots }] of next) {
    const rootTypes: string[] = Object.values(roots);
    for (const [typeName, type] of types) {
      const was = base.get(name)?.types.get(typeName);
      if (was === undefined) continue;
      if (!isSame(was.own, type.own)) changed.add(typeName);
      for (const [fieldName, { own }] of type.fields) {
        const before = was.fields.get(fieldName)?.own;
        if (before === undefined || isSame(before, own)) continue;
        changed.add(rootTypes.includes(typeName) ? `${typeName}.${fieldName}` : typeName);
      }
    }
  }
  return changed;
}

function isSame(a: CacheAnnotation, b: CacheAnnotation): boolean {
  return a.maxAge === b.maxAge && a.scope === b.scope && a.inheritMaxAge === b.inheritMaxAge;
}

/** D2: answers that may be kept shorter, for fewer, or not at all. */
export function cachingProblems(
  pairs: readonly PlanPair[],
  base: GraphCacheRules,
  next: GraphCacheRules,
  policy: Policy,
): Problem[] {
  return pairs.flatMap(({ operation, before, after }) => {
    const [was, is] = [answerPolicy(before, base), answerPolicy(after, next)];
    const worse = worseThan(was, is);
    return worse === undefined ? [] : [cachingProblem(operation, worse, is, policy)];
  });
}

function answerPolicy(plan: PlanPair['before'], rules: GraphCacheRules): CachePolicy {
  const fetches = fetchesOf(plan).map(({ subgraph, operation }) => {
    const own = rules.get(subgraph);
    return own === undefined
      ? { maxAge: 0, scope: 'PUBLIC' as const, because: subgraph, privateBecause: undefined }
      : fetchPolicy(operation, own);
  });
  return strictest(fetches);
}

function worseThan(was: CachePolicy, is: CachePolicy): string | undefined {
  if (was.maxAge === 0) return undefined;
  if (is.maxAge === 0) return `the answer could be kept ${was.maxAge} s, and cannot be kept at all now: ${is.because}`;
  if (was.scope === 'PUBLIC' && is.scope === 'PRIVATE')
    return `the answer could be kept for everybody, and only for its caller now: ${is.privateBecause}`;
  if (is.maxAge < was.maxAge) return `the answer could be kept ${was.maxAge} s, and ${is.maxAge} s now: ${is.because}`;
  return undefined;
}

function cachingProblem(operation: UsedOperation, message: string, is: CachePolicy, policy: Policy): Problem {
  const least = policy.budget.maxAge;
  const overBudget = least !== undefined && is.maxAge < least;
  const element = is.because ?? is.privateBecause;
  const finding = {
    code: 'CACHING_GETS_WORSE',
    rule: 'D2',
    overBudget,
    message: `${message}.`,
    places: [operation.place],
    ...(element?.includes('.') ? { coordinates: [element] } : {}),
    ...(overBudget ? { details: [`over budget: ${is.maxAge} s, at least ${least}`] } : {}),
  } as const;
  return operationProblem(operation, finding, policy);
}

/** A field whose answers may be kept for more callers, or longer although somebody must not see it. */
export interface LooserCaching {
  readonly coordinate: string;
  readonly from: string;
  readonly to: string;
}

/**
 * D3. `isProtected`: the field has a rule of who may see it. Fields that nobody had before are not compared, and a
 * subgraph that keeps an answer for nobody opens nothing.
 */
export function looserCaching(
  base: GraphCacheRules,
  next: GraphCacheRules,
  isProtected: (coordinate: string) => boolean,
): LooserCaching[] {
  const before = hintsOf(base);
  return [...hintsOf(next)].flatMap(([coordinate, is]) => {
    const was = before.get(coordinate);
    if (was === undefined || is.everybody === 0) return [];
    const opened = was.isPrivate && was.everybody === 0;
    const longer = isProtected(coordinate) && is.everybody > was.everybody;
    return opened || longer ? [{ coordinate, from: textOf(was), to: textOf(is) }] : [];
  });
}

interface FieldCaching {
  /** Most seconds that a shared cache may keep it; 0: it may not. */
  readonly everybody: number;
  /** Some subgraph says that it is for its caller alone. */
  readonly isPrivate: boolean;
}

/** What each field may be kept, by the subgraph that allows most. */
function hintsOf(rules: GraphCacheRules): Map<string, FieldCaching> {
  const hints = new Map<string, FieldCaching>();
  for (const { types, roots } of rules.values()) {
    for (const [name, type] of types) {
      for (const [fieldName, field] of type.fields) {
        const coordinate = `${name}.${fieldName}`;
        const hint = fieldHint(field, types, name === roots.query);
        const isPrivate = (hint.scope ?? type.own.scope) === 'PRIVATE';
        const everybody = isPrivate ? 0 : (hint.maxAge ?? type.own.maxAge ?? 0);
        const known = hints.get(coordinate) ?? { everybody: 0, isPrivate: false };
        hints.set(coordinate, {
          everybody: Math.max(everybody, known.everybody),
          isPrivate: isPrivate || known.isPrivate,
        });
      }
    }
  }
  return hints;
}

function textOf({ everybody, isPrivate }: FieldCaching): string {
  if (everybody > 0) return `PUBLIC ${everybody} s`;
  return isPrivate ? 'PRIVATE' : 'not kept';
}
