import type { Place, RequiredSelection } from './steps.ts';

/** Fields by their way through response names; which item of a list does not matter. */
export type Way = string;

export function wayOf(place: Place): Way {
  return place.flatMap((key) => (key === '@' ? [] : [`.${key}`])).join('');
}

interface NeedyGroup {
  readonly requires: readonly RequiredSelection[];
  readonly places: readonly Place[];
}

/** What representations are made of. */
export function needsOf({ groups }: { readonly groups: readonly NeedyGroup[] }): Set<Way> {
  const ways = new Set<Way>();
  for (const { requires, places } of groups) for (const place of places) addNeeds(requires, wayOf(place), ways);
  return ways;
}

function addNeeds(requires: readonly RequiredSelection[], way: Way, ways: Set<Way>): void {
  for (const selection of requires) {
    if (selection.kind === 'InlineFragment') {
      addNeeds(selection.selections, way, ways);
    } else if (selection.name !== '__typename') {
      ways.add(`${way}.${selection.name}`);
      addNeeds(selection.selections ?? [], `${way}.${selection.name}`, ways);
    }
  }
}
