import type { LoadedSupergraph } from '@weft/supergraph';
import { type ApiChange, apiChanges } from './api-changes.ts';
import type { CheckInput, Comparison } from './check-input.ts';
import { comparePlans } from './compare-plans.ts';
import { composeSubgraphs, parseSubgraphs, type SubgraphSource } from './compose/compose.ts';
import { definitionPlaces } from './compose/definition-places.ts';
import { loadAsGateway } from './compose/load-as-gateway.ts';
import { contractProblems } from './exposure/contracts.ts';
import { knownOperations, type ReadOperations, type UsedOperation } from './operations/known-operations.ts';
import { replay } from './operations/replay.ts';
import { selectionChanges } from './operations/selection-changes.ts';
import { inputDefaultChanges, variableBreaks } from './operations/variable-changes.ts';
import { supergraphChanges } from './plans/supergraph-changes.ts';
import type { Problem, SourcePlace } from './problem.ts';
import { type CheckReport, reportOf } from './report.ts';
import { withApprovals } from './verdict/approvals.ts';
import { ruleOfChange } from './verdict/change-verdict.ts';
import { operationProblem } from './verdict/operation-problem.ts';
import { type CheckPolicy, DEFAULT_POLICY } from './verdict/policy.ts';
import { severityOf } from './verdict/rules.ts';

/**
 * Decides whether the subgraphs may go out, by the table of `RULES`: they compose, the gateway loads the result, and
 * every known operation is valid on it, reads its answers as before, is planned and kept as well as before, and shows
 * nobody more. Pure: it reads nothing and asks nobody.
 */
export async function checkSchema(input: CheckInput): Promise<CheckReport> {
  const policy = input.policy ?? DEFAULT_POLICY;
  const composition = composeSubgraphs(input.subgraphs);
  if ('errors' in composition) return reportOf(input, { problems: composition.errors });
  const next = loadAsGateway(composition.supergraphSdl);
  if (!('schema' in next)) return reportOf(input, { problems: [next, ...composition.hints] });

  const known = knownOperations({ files: input.operations, usage: input.usage, policy });
  const replayed = replay(known.operations, next.schema, input.base?.supergraph.schema);
  const found = [
    ...known.problems,
    ...replayed.flatMap(({ operation, findings }) => findings.map((one) => operationProblem(operation, one, policy))),
  ];
  if (input.base === undefined) {
    const problems = [
      ...found,
      ...composition.hints,
      ...contractProblems({ next, contracts: input.contracts ?? {} }, undefined),
    ];
    return reportOf(input, { problems, known });
  }
  const compared = await compare({ input, base: input.base, next, policy, known, replayed });
  const problems = withApprovals(
    [...found, ...compared.problems, ...composition.hints],
    input.approvals ?? [],
    input.now ?? new Date(),
  );
  return reportOf(input, { ...compared, problems, known });
}

async function compare(comparison: Comparison) {
  const { input, base, next, policy, known, replayed } = comparison;
  const valid = replayed.filter(({ findings, validBefore }) => findings.length === 0 && validBefore);
  const changes = [
    ...(await apiChanges(base.supergraph.schema, next.schema)),
    ...removedSubgraphs(base.supergraph, next),
  ];
  const joins = supergraphChanges(base.supergraph.document, next.document);
  const placesOf = placesIn([input.subgraphs, base.subgraphs ?? []]);
  const answers = valid.flatMap(({ operation }) => noticedIn(operation, base.supergraph, next, policy));
  const worse = await comparePlans({
    ...comparison,
    joins,
    placesOf,
    operations: valid.map(({ operation }) => operation),
  });
  const broken = replayed.flatMap(({ operation, findings }) =>
    findings.map((one) => operationProblem(operation, one, policy)),
  );
  const unknown = unknownUse(changes, {
    known,
    noticed: [...answers, ...broken],
    base: base.supergraph,
    next,
    placesOf,
  });
  const problems = [...answers, ...worse, ...unknown];
  return {
    problems,
    changes: changes.map((change) => ({
      ...change,
      rule: ruleOfChange(change, base.supergraph.schema, next.schema),
      places: placesOf(change.coordinate),
    })),
    joins,
  };
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

interface UnknownUseInput {
  readonly known: ReadOperations;
  readonly noticed: readonly Problem[];
  readonly base: LoadedSupergraph;
  readonly next: LoadedSupergraph;
  placesOf(coordinate: string): readonly SourcePlace[];
}

/** Changes that no known operation notices, where that does not mean that nobody does. */
function unknownUse(
  changes: readonly ApiChange[],
  { known, noticed, base, next, placesOf }: UnknownUseInput,
): Problem[] {
  if (known.otherwise === 'unused') return [];
  const seen = new Set(noticed.flatMap(({ coordinates }) => coordinates ?? []));
  return changes.flatMap((change): Problem[] => {
    const rule = ruleOfChange(change, base.schema, next.schema);
    const severity = severityOf(rule, 'unknown');
    if (severity === 'note' || seen.has(change.coordinate)) return [];
    return [
      {
        code: 'USE_UNKNOWN',
        rule,
        severity,
        message: `${change.message.replace(/\.$/, '')}, and it is not known who uses it.`,
        coordinates: [change.coordinate],
        places: placesOf(change.coordinate),
      },
    ];
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
function placesIn(graphs: readonly (readonly SubgraphSource[])[]): (coordinate: string) => SourcePlace[] {
  const parsed = graphs
    .map((graph) => parseSubgraphs(graph))
    .flatMap((one) => ('documents' in one ? [one.documents] : []));
  return (coordinate) =>
    parsed.map((documents) => definitionPlaces(coordinate, documents)).find((places) => places.length > 0) ?? [];
}
