import type { DocumentNode, GraphQLError } from 'graphql';
import type { Problem } from '../problem.ts';
import { definitionPlaces } from './definition-places.ts';

export const UNSATISFIABLE = 'SATISFIABILITY_ERROR';

/** Lines of reasons that are printed; composition gives one for every subgraph and every key. */
const MOST_REASONS = 6;
const MOST_PLACES = 2;

const SHAPE =
  /^The following supergraph API query:\n([\s\S]*?)\ncannot be satisfied by the subgraphs because:\n([\s\S]*)$/;

interface Unsatisfiable {
  readonly query: string;
  readonly reasons: readonly string[];
}

/**
 * Composition reports one error for every way through the graph that ends at the same field: half a megabyte for one
 * field in a graph of ten subgraphs. Here is one problem a field, with the shortest query and its reasons.
 */
export function groupUnsatisfiable(
  errors: readonly GraphQLError[],
  documents: ReadonlyMap<string, DocumentNode>,
): Problem[] {
  const groups = new Map<string, Unsatisfiable[]>();
  const others: Problem[] = [];
  for (const error of errors) {
    const [, query, reasonText] = SHAPE.exec(error.message) ?? [];
    const coordinate = /cannot find field "([^"]+)"/.exec(reasonText ?? '')?.[1];
    if (query === undefined || reasonText === undefined || coordinate === undefined) {
      others.push({ code: UNSATISFIABLE, severity: 'error', rule: 'F2', message: error.message, places: [] });
      continue;
    }
    const group = groups.get(coordinate) ?? [];
    group.push({ query, reasons: reasonText.split('\n') });
    groups.set(coordinate, group);
  }
  return [...[...groups].map(([coordinate, group]) => groupProblem(coordinate, group, documents)), ...others];
}

function groupProblem(
  coordinate: string,
  group: readonly Unsatisfiable[],
  documents: ReadonlyMap<string, DocumentNode>,
): Problem {
  const shortest = group.reduce((best, next) => (next.query.length < best.query.length ? next : best));
  const ways = group.length === 1 ? 'one way' : `${group.length} ways`;
  const more = shortest.reasons.length - MOST_REASONS;
  return {
    code: UNSATISFIABLE,
    severity: 'error',
    rule: 'F2',
    message: `Field "${coordinate}" cannot be reached on ${ways} through the graph; the shortest is ${oneLine(shortest.query)}`,
    coordinates: [coordinate],
    details: [
      ...shortest.reasons.slice(0, MOST_REASONS),
      ...(more > 0 ? [`... and ${more} more lines of reasons of this kind`] : []),
      ...advice(coordinate, shortest.reasons),
    ],
    places: definitionPlaces(coordinate, documents).slice(0, MOST_PLACES),
  };
}

/** `{ b { q } }`: the query on one line, for it has one field a level. */
function oneLine(query: string): string {
  return query.replace(/\s+/g, ' ').trim();
}

function advice(coordinate: string, reasons: readonly string[]): string[] {
  const missing = reasons
    .map((line) => /type "([^"]+)" has no @key defined in subgraph "([^"]+)"/.exec(line))
    .find(Boolean);
  const asking = /^- from subgraph "([^"]+)"/.exec(reasons[0] ?? '')?.[1];
  if (missing === undefined || missing === null || asking === undefined) return [];
  const [, type, subgraph] = missing;
  return [`To cure it: give "${type}" a @key in "${subgraph}", or define "${coordinate}" in "${asking}" too.`];
}
