import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { PlanStep } from '../plan/steps.ts';
import { type Data, isData } from './data.ts';

/** Response names that a step asks for, with those below each; a leaf has none below. */
export type AskedTree = ReadonlyMap<string, AskedTree>;

type Building = Map<string, Building>;

/** Of any type at each place: what stands in fragments counts. Made when it is first wanted. */
export function askedTree({ operation }: PlanStep): () => AskedTree {
  let tree: Building | undefined;
  return () => {
    if (tree !== undefined) return tree;
    tree = new Map();
    const [definition] = parse(operation, { noLocation: true }).definitions;
    if (definition?.kind === Kind.OPERATION_DEFINITION) collect(definition.selectionSet, tree);
    return tree;
  };
}

function collect({ selections }: SelectionSetNode, into: Building): void {
  for (const selection of selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet, into);
    if (selection.kind !== Kind.FIELD) continue;
    const key = (selection.alias ?? selection.name).value;
    const below = into.get(key) ?? new Map();
    into.set(key, below);
    if (selection.selectionSet !== undefined) collect(selection.selectionSet, below);
  }
}

/** Takes out what the step did not ask for: a subgraph could else give values for fields of others. */
export function keepAsked(data: Data, asked: AskedTree): void {
  for (const key of Object.keys(data)) {
    const below = asked.get(key);
    if (below === undefined) delete data[key];
    else if (below.size > 0) keepAskedBelow(data[key], below);
  }
}

function keepAskedBelow(value: unknown, asked: AskedTree): void {
  if (Array.isArray(value)) for (const item of value) keepAskedBelow(item, asked);
  else if (isData(value)) keepAsked(value, asked);
}
