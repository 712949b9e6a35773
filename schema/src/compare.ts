import type { LoadedSupergraph } from '@weft/supergraph';
import { type ApiChange, apiChanges } from './api-changes.ts';
import type { Comparison } from './check-input.ts';
import { comparePlans } from './compare-plans.ts';
import type { SubgraphDocuments } from './compose/compose.ts';
import { definitionPlaces } from './compose/definition-places.ts';
import type { ReadOperations, UsedOperation } from './operations/known-operations.ts';
import { selectionChanges } from './operations/selection-changes.ts';
import { inputDefaultChanges, variableBreaks } from './operations/variable-changes.ts';
import { type SupergraphChanges, supergraphChanges } from './plans/supergraph-changes.ts';
import type { Problem, SourcePlace } from './problem.ts';
import type { CheckedChange } from './report.ts';
import { ruleOfChange } from './verdict/change-verdict.ts';
import { operationProblem } from './verdict/operation-problem.ts';
import type { CheckPolicy } from './verdict/policy.ts';
import { severityOf } from './verdict/rules.ts';

export interface Compared {
  readonly problems: readonly Problem[];
  readonly changes: readonly Omit<CheckedChange, 'breaks' | 'noticedBy'>[];
  readonly joins: SupergraphChanges;
}

/** Everything that is found by holding what is out now against what would be, apart from operations that are not valid. */
export async function compare(comparison: Comparison): Promise<Compared> {
  const { base, next, documents, baseDocuments, policy, known, replayed } = comparison;
  const placesOf = placesIn(baseDocuments === undefined ? [documents] : [documents, baseDocuments]);
  const changes = [...(await apiChanges(base.schema, next.schema)), ...removedSubgraphs(base, next)].map((change) => ({
    ...change,
    rule: ruleOfChange(change, base.schema, next.schema),
    places: placesOf(change.coordinate),
  }));
  const joins = supergraphChanges(base.document, next.document);
  const operations = replayed
    .filter(({ findings, validBefore }) => findings.length === 0 && validBefore)
    .map(({ operation }) => operation);
  const answers = operations.flatMap((operation) => noticedIn(operation, base, next, policy));
  const worse = await comparePlans({ ...comparison, joins, placesOf, operations });
  const broken = replayed.flatMap(({ findings }) => findings);
  const noticed = [...answers, ...broken].flatMap(({ coordinates }) => coordinates ?? []);
  return { problems: [...answers, ...worse, ...unknownUse(changes, known, new Set(noticed))], changes, joins };
}

/** What clients would notice although their operation stays valid. */
function noticedIn(
  operation: UsedOperation,
  base: LoadedSupergraph,
  next: LoadedSupergraph,
  policy: CheckPolicy,
): Problem[] {
  return [
    ...selectionChanges(operation, base.schema, next.schema),
    ...variableBreaks(operation, base.schema, next.schema),
    ...inputDefaultChanges(operation, base.schema, next.schema),
  ].map((finding) => operationProblem(operation, finding, policy));
}

/** Changes that no known operation notices, where that does not mean that nobody does. */
function unknownUse(changes: Compared['changes'], known: ReadOperations, noticed: ReadonlySet<string>): Problem[] {
  if (known.otherwise === 'unused') return [];
  return changes.flatMap(({ rule, message, coordinate, places }): Problem[] => {
    const severity = severityOf(rule, 'unknown');
    if (severity === 'note' || noticed.has(coordinate)) return [];
    const text = `${message.replace(/\.$/, '')}, and it is not known who uses it.`;
    return [{ code: 'USE_UNKNOWN', rule, severity, message: text, coordinates: [coordinate], places }];
  });
}

function removedSubgraphs(base: LoadedSupergraph, next: LoadedSupergraph): ApiChange[] {
  const left = new Set(next.subgraphs.map(({ name }) => name));
  return base.subgraphs
    .filter(({ name }) => !left.has(name))
    .map(({ name }) => ({
      type: 'SUBGRAPH_REMOVED',
      coordinate: name,
      message: `Subgraph '${name}' was removed.`,
      level: 'dangerous',
    }));
}

/** Where an element is defined, in the first of the graphs that has it. */
function placesIn(graphs: readonly SubgraphDocuments[]): (coordinate: string) => SourcePlace[] {
  return (coordinate) =>
    graphs.map((documents) => definitionPlaces(coordinate, documents)).find((places) => places.length > 0) ?? [];
}
