import type { DraftGroup, DraftStep } from './draft-steps.ts';
import { compactText, mergeSelections } from './merge-selections.ts';
import type { RequiredSelection } from './steps.ts';

/** A request that several drafts became. `parts`: their indexes. */
interface Merged {
  readonly draft: DraftStep;
  readonly parts: readonly number[];
}

/**
 * Fewer requests for the same data: entity fetches of one wave to one subgraph become one request, and a fetch that nothing
 * waits for joins a later one of its subgraph. Fetches that ask the same of their objects share one `_entities`, so that an
 * object that stands at several places is asked for once.
 *
 * Only queries: what follows a mutation keeps its order.
 */
export function mergeSteps(drafts: readonly DraftStep[]): DraftStep[] {
  if (drafts.length < 2 || drafts.some(({ type }) => type === 'mutation')) return [...drafts];
  const waves = finalWaves(drafts);
  const bins = new Map<string, number[]>();
  for (const [index, draft] of drafts.entries()) {
    const label = binLabel(draft);
    const key = label === undefined ? `${index}` : `${waves[index]} ${label}`;
    bins.set(key, [...(bins.get(key) ?? []), index]);
  }
  return inOrder([...bins.values()].map((parts, id) => mergeParts(drafts, parts, id)));
}

/** Drafts with the same label can be one request. Undefined: stays alone. */
function binLabel({ roots, subgraph, when }: DraftStep): string | undefined {
  return roots === null ? JSON.stringify([subgraph, when]) : undefined;
}

function wavesOf(drafts: readonly DraftStep[]): number[] {
  const waves: number[] = [];
  for (const { after } of drafts) waves.push(1 + Math.max(-1, ...after.map((earlier) => waves[earlier] ?? 0)));
  return waves;
}

/** A fetch that nothing waits for moves to the next wave in which its subgraph is asked anyway. */
function finalWaves(drafts: readonly DraftStep[]): number[] {
  const waves = wavesOf(drafts);
  const awaited = new Set(drafts.flatMap(({ after }) => after));
  const asked = new Map<string, number[]>();
  // later fetches first, so that nobody moves to where the others have left
  const lastFirst = [...drafts.entries()].sort(([a], [b]) => (waves[b] ?? 0) - (waves[a] ?? 0));
  for (const [index, draft] of lastFirst) {
    const label = binLabel(draft);
    if (label === undefined) continue;
    const wave = waves[index] ?? 0;
    const later = (asked.get(label) ?? []).filter((other) => other > wave);
    if (!awaited.has(index) && later.length > 0) waves[index] = Math.min(...later);
    asked.set(label, [...(asked.get(label) ?? []), waves[index] ?? 0]);
  }
  return waves;
}

function mergeParts(drafts: readonly DraftStep[], parts: readonly number[], id: number): Merged {
  const steps = parts.flatMap((part) => drafts[part] ?? []);
  const [first] = steps;
  if (first === undefined) throw new RangeError('a request of no fetches');
  if (steps.length === 1) return { draft: first, parts };
  const definitions = new Map(
    steps.flatMap(({ variableDefinitions }) =>
      variableDefinitions.map((one) => [one.variable.name.value, one] as const),
    ),
  );
  const draft: DraftStep = {
    ...first,
    operationName: first.operationName && `${first.operationName}__m${id}`,
    variableDefinitions: [...definitions.values()],
    groups: shareEntities(combinePlaces(steps.flatMap(({ groups }) => groups))),
    after: [...new Set(steps.flatMap(({ after }) => after))],
  };
  return { draft, parts };
}

/** Groups of the same objects with the same representations become one. */
function combinePlaces(groups: readonly DraftGroup[]): DraftGroup[] {
  return combine(groups, (a, b) => {
    if (JSON.stringify(a.places) !== JSON.stringify(b.places) || represent(a) !== represent(b)) return undefined;
    if (a.renames.length > 0 || b.renames.length > 0) return undefined;
    const selections = mergeSelections(a.selections, b.selections);
    return selections && { ...a, selections };
  });
}

/** Groups that ask the same become one over all their places. */
function shareEntities(groups: readonly DraftGroup[]): DraftGroup[] {
  return combine(groups, (a, b) => {
    const same =
      represent(a) === represent(b) &&
      JSON.stringify(a.renames) === JSON.stringify(b.renames) &&
      compactText(a.selections) === compactText(b.selections);
    return same ? { ...a, places: [...a.places, ...b.places] } : undefined;
  });
}

function combine(
  groups: readonly DraftGroup[],
  join: (a: DraftGroup, b: DraftGroup) => DraftGroup | undefined,
): DraftGroup[] {
  const done: DraftGroup[] = [];
  for (const group of groups) {
    const joined = done.map((known) => join(known, group));
    const at = joined.findIndex((both) => both !== undefined);
    const both = joined[at];
    if (both === undefined) done.push(group);
    else done[at] = both;
  }
  return done;
}

/** Equal texts: equal representations of an object, whatever the order of their fields. */
function represent({ requires, inputRewrites }: DraftGroup): string {
  return JSON.stringify([canonical(requires), inputRewrites]);
}

function canonical(requires: readonly RequiredSelection[]): string[] {
  return requires
    .map((selection) => JSON.stringify({ ...selection, selections: canonical(selection.selections ?? []) }))
    .sort();
}

/** Topological, and otherwise as it was; `after` then names requests instead of fetches. */
function inOrder(merged: readonly Merged[]): DraftStep[] {
  const owner = new Map(merged.flatMap(({ parts }, request) => parts.map((part) => [part, request] as const)));
  const before = (request: number): number[] => {
    const after = merged[request]?.draft.after ?? [];
    return [...new Set(after.map((part) => owner.get(part) ?? 0))].filter((other) => other !== request);
  };
  const order: number[] = [];
  const visit = (request: number): void => {
    if (order.includes(request)) return;
    for (const earlier of before(request)) visit(earlier);
    order.push(request);
  };
  for (const request of merged.keys()) visit(request);
  return order.flatMap((request) => {
    const draft = merged[request]?.draft;
    const after = before(request).map((earlier) => order.indexOf(earlier));
    return draft === undefined ? [] : [{ ...draft, after: after.sort((a, b) => a - b) }];
  });
}
