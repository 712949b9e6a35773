import { Kind, type SelectionSetNode } from 'graphql';
import type { DraftStep } from './draft-steps.ts';
import { needsOf, type Way, wayOf } from './needs.ts';

/**
 * The same fetches, each after those that bring what its representations hold. Planners have put a fetch beside, or before,
 * the one that brings what it requires; its objects could then not be represented.
 */
export function awaitRequirements(drafts: readonly DraftStep[]): DraftStep[] {
  const brought = drafts.map(broughtBy);
  const after = drafts.map((draft) => new Set(draft.after));
  const isBrought = (way: Way, by: ReadonlySet<number>): boolean => [...by].some((one) => brought[one]?.has(way));
  /** Puts a fetch before another that it comes after, as far as it needs nothing of it. */
  const goBefore = (other: number, index: number): boolean => {
    const draft = drafts[other];
    const kept = new Set([...(after[other] ?? [])].filter((one) => one !== index && !closure(one, after).has(index)));
    const over = new Set([...kept, ...[...kept].flatMap((one) => [...closure(one, after)])]);
    if (draft === undefined || ![...needsOf(draft), ...placesOf(draft)].every((way) => isBrought(way, over)))
      return false;
    after[other] = kept;
    return true;
  };
  let changed = false;
  for (const [index, draft] of drafts.entries()) {
    for (const need of needsOf(draft)) {
      if (isBrought(need, closure(index, after))) continue;
      const others = [...brought.keys()].filter((other) => other !== index && brought[other]?.has(need));
      const free = others.filter((other) => !closure(other, after).has(index));
      const bringers = free.length > 0 ? free : others.filter((other) => goBefore(other, index));
      // without any, the objects lack it when the operation runs, and errors say so
      for (const other of bringers) {
        after[index]?.add(other);
        changed = true;
      }
    }
  }
  return changed ? inOrder(drafts, after) : [...drafts];
}

/** Everything that is over when a fetch starts. */
function closure(index: number, after: readonly ReadonlySet<number>[]): Set<number> {
  const all = new Set<number>();
  const add = (of: number): void => {
    for (const earlier of after[of] ?? []) {
      if (all.has(earlier)) continue;
      all.add(earlier);
      add(earlier);
    }
  };
  add(index);
  return all;
}

function inOrder(drafts: readonly DraftStep[], after: readonly ReadonlySet<number>[]): DraftStep[] {
  const order: number[] = [];
  const visit = (index: number): void => {
    if (order.includes(index)) return;
    for (const earlier of after[index] ?? []) visit(earlier);
    order.push(index);
  };
  for (const index of drafts.keys()) visit(index);
  return order.flatMap((index) => {
    const draft = drafts[index];
    const earlier = [...(after[index] ?? [])].map((other) => order.indexOf(other)).sort((a, b) => a - b);
    return draft === undefined ? [] : [{ ...draft, after: earlier }];
  });
}

function broughtBy(draft: DraftStep): Set<Way> {
  const ways = new Set<Way>();
  if (draft.roots !== null) addBrought(draft.roots, wayOf(draft.place), ways);
  for (const { selections, places } of draft.groups) {
    for (const place of places) addBrought(selections, wayOf(place), ways);
  }
  return ways;
}

function addBrought(set: SelectionSetNode, way: Way, ways: Set<Way>): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) addBrought(selection.selectionSet, way, ways);
    if (selection.kind !== Kind.FIELD) continue;
    const here = `${way}.${(selection.alias ?? selection.name).value}`;
    ways.add(here);
    if (selection.selectionSet !== undefined) addBrought(selection.selectionSet, here, ways);
  }
}

/** The objects that are completed; the root is there without anybody. */
function placesOf({ groups, place, roots }: DraftStep): Way[] {
  const places = roots === null ? groups.flatMap((group) => group.places) : [place];
  return places.map(wayOf).filter((way) => way !== '');
}
