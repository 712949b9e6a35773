import { isRecord } from '../subgraph-response.ts';

export type Path = readonly (string | number)[];

/** An object of the answer that a fetch completes, and where it stands in the client's answer. */
export interface Place {
  readonly entity: Readonly<Record<string, unknown>>;
  readonly path: Path;
}

/**
 * The objects at a fetch path in the order in which @apollo/gateway makes representations of them.
 * `roots`: what root fetches gave; the gateway merges later answers into these same objects.
 */
export function entityPlaces(roots: readonly Readonly<Record<string, unknown>>[], fetchPath: Path): Place[] {
  const [first] = fetchPath;
  const root = roots.find((candidate) => typeof first === 'string' && Object.hasOwn(candidate, first));
  const places: Place[] = [];
  if (root !== undefined) walk(root, fetchPath, 0, [], places);
  return places;
}

function walk(value: unknown, fetchPath: Path, at: number, path: Path, places: Place[]): void {
  if (value === null || value === undefined) return;
  const key = fetchPath[at];
  if (Array.isArray(value)) {
    if (key !== '@') return;
    for (const [index, item] of value.entries()) walk(item, fetchPath, at + 1, [...path, index], places);
    return;
  }
  if (!isRecord(value)) return;
  if (key === undefined) places.push({ entity: value, path });
  else if (Object.hasOwn(value, key)) walk(value[key], fetchPath, at + 1, [...path, key], places);
}

/**
 * For each representation, in order, the path of the object it was made of. Objects of other types, or without the key,
 * are passed over by @apollo/gateway, so the n-th representation is not the n-th object.
 * Undefined when the two lists do not fit together.
 */
export function pathsOfRepresentations(
  places: readonly Place[],
  representations: readonly unknown[],
): Path[] | undefined {
  const typenames = new Set(places.map(({ entity }) => entity.__typename));
  const paths: Path[] = [];
  let next = 0;
  for (const representation of representations) {
    if (!isRecord(representation)) return undefined;
    // an interface object is sent under the interface's name, which no object of the answer has
    const sameName = typenames.has(representation.__typename);
    while (next < places.length && !standsFor(representation, places[next] as Place, sameName)) next += 1;
    const place = places[next];
    if (place === undefined) return undefined;
    paths.push(place.path);
    next += 1;
  }
  return paths;
}

function standsFor(representation: Record<string, unknown>, { entity }: Place, sameName: boolean): boolean {
  return Object.entries(representation).every(([key, value]) =>
    key === '__typename'
      ? !sameName || entity.__typename === undefined || entity.__typename === value
      : !Object.hasOwn(entity, key) || isPartOf(value, entity[key]),
  );
}

/** A representation holds only the fields that the subgraph needs of each object. */
function isPartOf(part: unknown, whole: unknown): boolean {
  if (Array.isArray(part)) {
    return (
      Array.isArray(whole) && part.length === whole.length && part.every((item, index) => isPartOf(item, whole[index]))
    );
  }
  if (isRecord(part)) {
    return (
      isRecord(whole) &&
      Object.entries(part).every(([key, value]) => !Object.hasOwn(whole, key) || isPartOf(value, whole[key]))
    );
  }
  return part === whole;
}
