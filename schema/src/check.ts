import type { LoadedSupergraph } from '@weft/supergraph';
import { type ApiChange, apiChanges } from './api-changes.ts';
import { composeSubgraphs, type SubgraphSource } from './compose/compose.ts';
import { loadAsGateway } from './compose/load-as-gateway.ts';
import { type KnownOperation, type OperationFile, parseOperations } from './operations/operations.ts';
import { type ReplayedOperation, replay } from './operations/replay.ts';
import { selectionChanges } from './operations/selection-changes.ts';
import { variableBreaks } from './operations/variable-changes.ts';
import type { Problem } from './problem.ts';

/** A change of the API, and the known operations that it breaks or whose answers it can change. */
export interface CheckedChange extends ApiChange {
  readonly breaks: readonly string[];
  readonly noticedBy: readonly string[];
}

/** What `weft check --format json` prints. A field is never renamed or removed within a version. */
export interface CheckReport {
  readonly version: 1;
  readonly result: 'pass' | 'fail';
  readonly subgraphs: readonly string[];
  /** The supergraph that was compared with; null when there was none. */
  readonly base: string | null;
  readonly operations: readonly { readonly name: string; readonly file: string; readonly result: 'valid' | 'breaks' }[];
  /** Errors first; any error fails the check. */
  readonly problems: readonly Problem[];
  readonly changes: readonly CheckedChange[];
}

export interface CheckInput {
  readonly subgraphs: readonly SubgraphSource[];
  readonly base?: { readonly name: string; readonly supergraph: LoadedSupergraph } | undefined;
  readonly operations: readonly OperationFile[];
}

/**
 * Decides whether the subgraphs may go out: they compose, the gateway loads the result, and every known operation is
 * valid on it and reads its answers as before. The verdict comes from the operations; the list of changes explains it.
 */
export async function checkSchema(input: CheckInput): Promise<CheckReport> {
  const composition = composeSubgraphs(input.subgraphs);
  if ('errors' in composition) return reportOf(input, { problems: composition.errors });
  const next = loadAsGateway(composition.supergraphSdl);
  if (!('schema' in next)) return reportOf(input, { problems: [next, ...composition.hints] });

  const { operations, problems } = parseOperations(input.operations);
  const base = input.base?.supergraph;
  const replayed = replay(operations, next.schema, base?.schema);
  const seen = base === undefined ? [] : noticed(replayed, base, next);
  return reportOf(input, {
    operations,
    problems: [...problems, ...replayed.flatMap((one) => one.problems), ...seen, ...composition.hints],
    changes:
      base === undefined ? [] : [...(await apiChanges(base.schema, next.schema)), ...removedSubgraphs(base, next)],
  });
}

/** What clients would notice although their operations stay valid. */
function noticed(replayed: readonly ReplayedOperation[], base: LoadedSupergraph, next: LoadedSupergraph): Problem[] {
  const valid = replayed.filter(({ problems, validBefore }) => problems.length === 0 && validBefore);
  return valid.flatMap(({ operation }) => [
    ...selectionChanges(operation, base.schema, next.schema),
    ...variableBreaks(operation, base.schema, next.schema),
  ]);
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

interface Findings {
  readonly problems: readonly Problem[];
  readonly operations?: readonly KnownOperation[];
  readonly changes?: readonly ApiChange[];
}

const ORDER = { error: 0, warning: 1, note: 2 } as const;

function reportOf(input: CheckInput, { problems, operations = [], changes = [] }: Findings): CheckReport {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const broken = new Set(errors.map(({ operation }) => operation));
  return {
    version: 1,
    result: errors.length > 0 ? 'fail' : 'pass',
    subgraphs: input.subgraphs.map(({ name }) => name),
    base: input.base?.name ?? null,
    operations: operations.map(({ name, place }) => ({
      name,
      file: place.file,
      result: broken.has(name) ? 'breaks' : 'valid',
    })),
    problems: problems.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]),
    changes: changes.map((change) => ({
      ...change,
      breaks: operationsOn(change, errors),
      noticedBy: operationsOn(change, problems.filter(isWarning)),
    })),
  };
}

function isWarning({ severity }: Problem): boolean {
  return severity === 'warning';
}

/** The operations with a problem about the element that changed, or about the element that it is a part of. */
function operationsOn(change: ApiChange, problems: readonly Problem[]): string[] {
  const isMeant = (coordinate: string) =>
    change.coordinate === coordinate || change.coordinate.startsWith(`${coordinate}.`);
  const names = problems.map(({ operation, coordinates }) => (coordinates?.some(isMeant) ? operation : undefined));
  return [...new Set(names)].filter((name) => name !== undefined);
}
