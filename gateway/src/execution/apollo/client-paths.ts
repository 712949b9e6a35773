import { GraphError } from '@weft/errors';
import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import type { SubgraphError } from '../subgraph-response.ts';
import { entityPlaces, type Path, pathsOfRepresentations } from './entity-places.ts';

/** One fetch of a plan, as far as the paths of its errors depend on it. */
export interface FetchPlace {
  /** Text of the subgraph operation. */
  readonly query: string;
  /** `['products', '@']`; empty for root fields. */
  readonly fetchPath: Path;
  /** Undefined for a fetch of root fields. */
  readonly representations: readonly unknown[] | undefined;
  readonly roots: readonly Readonly<Record<string, unknown>>[];
}

export interface PlacedError {
  readonly error: GraphError;
  /** The client's path. */
  readonly path: Path;
}

/** Errors of one fetch beyond this are folded: the last one says in `folded` how many more places failed alike. */
const MOST_PLACES = 100;

/** Errors of a subgraph, each with the path that the client knows. An error that names no field is of the whole fetch. */
export function placeErrors(errors: readonly SubgraphError[], place: FetchPlace): PlacedError[] {
  let paths: readonly Path[] | undefined;
  return errors.flatMap(({ error, path }) => {
    const [root, index] = path;
    if (place.representations === undefined) return root === undefined ? placeFailure(error, place) : [{ error, path }];
    if (root !== '_entities' || typeof index !== 'number') return placeFailure(error, place);
    paths ??= representationPaths(place, place.representations);
    const entity = paths[index];
    return entity === undefined ? placeFailure(error, place) : [{ error, path: [...entity, ...path.slice(2)] }];
  });
}

/** The failure of a whole fetch: one error for each field it should have brought, at every place. */
export function placeFailure(error: GraphError, place: FetchPlace): PlacedError[] {
  const fields = fieldsOf(place);
  const parents: readonly Path[] =
    place.representations === undefined ? [beforeList(place)] : representationPaths(place, place.representations);
  const paths: Path[] = [];
  for (const parent of parents) for (const field of fields) paths.push([...parent, field]);
  if (paths.length <= MOST_PLACES) return paths.map((path) => ({ error, path }));
  const folded = new GraphError(error.code, error.message, {
    extensions: { ...error.extensions, folded: paths.length - MOST_PLACES },
    log: error.log,
    cause: error.cause,
  });
  return paths
    .slice(0, MOST_PLACES)
    .map((path, index) => ({ error: index === MOST_PLACES - 1 ? folded : error, path }));
}

function representationPaths(place: FetchPlace, representations: readonly unknown[]): readonly Path[] {
  const places = entityPlaces(place.roots, place.fetchPath);
  const found = pathsOfRepresentations(places, representations);
  if (found !== undefined) return found;
  return [beforeList(place)];
}

/** The fields that a fetch should have brought of entities that are not there, by their indexes. */
export function pathsOfAbsent(indexes: readonly number[], place: FetchPlace): Path[] {
  if (indexes.length === 0) return [];
  const paths = representationPaths(place, place.representations ?? []);
  const fields = fieldsOf(place);
  return indexes.flatMap((index) => {
    const entity = paths[index];
    return entity === undefined ? [] : fields.map((field) => [...entity, field]);
  });
}

/** As much of the path as is known without an index. */
function beforeList({ fetchPath }: FetchPlace): Path {
  const list = fetchPath.indexOf('@');
  return list === -1 ? fetchPath : fetchPath.slice(0, list);
}

/** Response names of the fields that a fetch brings; read from its text, since only failures need them. */
function fieldsOf(place: FetchPlace): string[] {
  const operation = parse(place.query, { noLocation: true }).definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  );
  const roots = operation === undefined ? [] : fieldNodes(operation.selectionSet);
  const fields = place.representations === undefined ? roots : roots.flatMap((root) => fieldNodes(root.selectionSet));
  const names = new Set(fields.map((field) => field.alias?.value ?? field.name.value));
  if (names.size > 1) names.delete('__typename');
  return [...names];
}

function fieldNodes(selections: SelectionSetNode | undefined): FieldNode[] {
  return (selections?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldNodes(selection.selectionSet) : [];
  });
}
