import { createOperationPlanner, type LoadedSupergraph, type PlannedStep } from '@weft/supergraph';
import { type FieldNode, getNamedType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { UsedOperation } from '../operations/known-operations.ts';
import type { Problem } from '../problem.ts';
import { operationProblem } from '../verdict/operation-problem.ts';
import type { CheckPolicy } from '../verdict/policy.ts';

import { type PlanFigures, planFigures, type ShardKeys } from './plan-figures.ts';

/** The plans of one operation, before and after. */
export interface PlanPair {
  readonly operation: UsedOperation;
  readonly before: PlannedStep | undefined;
  readonly after: PlannedStep | undefined;
}

export interface PlanOptions {
  readonly base: LoadedSupergraph;
  readonly next: LoadedSupergraph;
  /** Types, and fields of the root types, whose definition or hints changed. */
  readonly touched: ReadonlySet<string>;
  /** Plan them all, also those that touch nothing that changed. */
  readonly all: boolean;
}

/** Plans the operations that can have another plan now: those that touch a type that changed. */
export async function planPairs(operations: readonly UsedOperation[], options: PlanOptions): Promise<PlanPair[]> {
  const { base, next, touched, all } = options;
  const touching = operations.filter((operation) => all || touches(operation, base, touched));
  if (touching.length === 0) return [];
  const before = await createOperationPlanner(base);
  const after = await createOperationPlanner(next);
  return touching.map((operation) => ({
    operation,
    before: before(operation.document),
    after: after(operation.document),
  }));
}

function touches(operation: UsedOperation, { schema }: LoadedSupergraph, changed: ReadonlySet<string>): boolean {
  if (changed.size === 0) return false;
  const info = new TypeInfo(schema);
  let found = false;
  const Field = (node: FieldNode) => {
    const parent = info.getParentType()?.name ?? '';
    const given = getNamedType(info.getType())?.name ?? '';
    found ||= changed.has(parent) || changed.has(given) || changed.has(`${parent}.${node.name.value}`);
  };
  visit(operation.document, visitWithTypeInfo(info, { Field }));
  return found;
}

export interface PlanPolicy {
  readonly policy: CheckPolicy;
  readonly shardKeys: ShardKeys;
}

/** D1: what got worse in the plan of an operation. */
export function planProblems(pairs: readonly PlanPair[], { policy, shardKeys }: PlanPolicy): Problem[] {
  return pairs.flatMap(({ operation, before, after }) => {
    const [was, is] = [planFigures(before, shardKeys), planFigures(after, shardKeys)];
    const worse = worseThan(was, is);
    if (worse.length === 0) return [];
    const over = overBudget(was, is, policy);
    const finding = {
      code: 'PLAN_GETS_WORSE',
      rule: 'D1',
      overBudget: over.length > 0,
      message: `the plan has ${worse.join(', ')}.`,
      places: [operation.place],
      details: [`before ${shapeOf(before)}`, `after  ${shapeOf(after)}`, ...over.map((text) => `over budget: ${text}`)],
    } as const;
    return [operationProblem(operation, finding, policy)];
  });
}

function worseThan(was: PlanFigures, is: PlanFigures): string[] {
  const news = (now: readonly string[], before: readonly string[]) => now.filter((one) => !before.includes(one));
  const waited = news([...new Set(is.criticalPath)], was.criticalPath);
  const scattered = news(is.scattered, was.scattered);
  const longer = waited.length > 0 && is.depth >= was.depth;
  return [
    is.fetches > was.fetches ? `${is.fetches} fetches instead of ${was.fetches}` : [],
    is.depth > was.depth ? `${is.depth} fetches that wait for each other instead of ${was.depth}` : [],
    longer && is.depth > was.depth ? `${waited.join(' and ')} on its longest path` : [],
    longer && is.depth === was.depth && news(waited, was.subgraphs).length > 0
      ? `${waited.join(' and ')} to wait for`
      : [],
    scattered.length > 0 ? `a fetch that has to ask every shard (${scattered.join(', ')})` : [],
  ].flat();
}

function overBudget(was: PlanFigures, is: PlanFigures, { budget }: CheckPolicy): string[] {
  const over = (name: string, figure: number, most: number | undefined) =>
    most !== undefined && figure > most ? `${name} ${figure}, at most ${most}` : [];
  return [
    over('fetches', is.fetches, budget.fetches),
    over('depth', is.depth, budget.depth),
    over('added fetches', is.fetches - was.fetches, budget.addedFetches),
    over('added depth', is.depth - was.depth, budget.addedDepth),
  ].flat();
}

/** `reviews > (products + users)`: what waits for what. */
export function shapeOf(step: PlannedStep | undefined): string {
  if (step === undefined) return 'nothing';
  if (step.kind === 'fetch') return step.path.length === 0 ? step.subgraph : `${step.subgraph}(${step.path.join('.')})`;
  const parts = step.steps.map((one) =>
    one.kind === 'fetch' || step.kind === 'sequence' ? shapeOf(one) : `(${shapeOf(one)})`,
  );
  if (step.kind === 'sequence')
    return step.steps.map((one) => (one.kind === 'fetch' ? shapeOf(one) : `(${shapeOf(one)})`)).join(' > ');
  return parts.join(step.kind === 'parallel' ? ' + ' : ' or ');
}
