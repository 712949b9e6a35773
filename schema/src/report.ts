import type { ApiChange } from './api-changes.ts';
import type { CheckInput } from './check-input.ts';
import type { ReadOperations } from './operations/known-operations.ts';
import type { SupergraphChange, SupergraphChanges } from './plans/supergraph-changes.ts';
import type { Problem, SourcePlace } from './problem.ts';
import type { Rule } from './verdict/rules.ts';

/** A change of the API, and the known operations that it breaks or whose answers it can change. */
export interface CheckedChange extends ApiChange {
  /** The rule that it comes under by itself; whether it breaks somebody, the operations say. */
  readonly rule: Rule;
  readonly places: readonly SourcePlace[];
  readonly breaks: readonly string[];
  readonly noticedBy: readonly string[];
}

export interface CheckedOperation {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly result: 'valid' | 'breaks';
  readonly use: 'used' | 'unused' | 'unknown';
  readonly clients: readonly string[];
  readonly lastSeen: string | null;
}

/** What `weft check --format json` prints, whole. A field is never renamed or removed within a version. */
export interface CheckReport {
  readonly version: 1;
  readonly result: 'pass' | 'fail';
  readonly subgraphs: readonly string[];
  /** The supergraph that was compared with; null when there was none. */
  readonly base: string | null;
  /** What it means that no operation notices a change: that nobody does, or that nobody knows. */
  readonly otherwise: 'unused' | 'unknown';
  /** The window of usage and the share of its hours that were reported; null: there is no usage. */
  readonly usage: { readonly from: string; readonly to: string; readonly coverage: number } | null;
  readonly operations: readonly CheckedOperation[];
  /** Errors first; any error fails the check. */
  readonly problems: readonly Problem[];
  readonly changes: readonly CheckedChange[];
  /** What changed between subgraphs, and clients cannot see. */
  readonly supergraphChanges: readonly SupergraphChange[];
  /** What was not compared, and why. */
  readonly notCompared: readonly string[];
}

export interface Findings {
  readonly problems: readonly Problem[];
  readonly known?: ReadOperations;
  readonly changes?: readonly (ApiChange & Pick<CheckedChange, 'rule' | 'places'>)[];
  readonly joins?: SupergraphChanges;
}

const ORDER = { error: 0, warning: 1, note: 2 } as const;

export function reportOf(input: CheckInput, { problems, known, changes = [], joins }: Findings): CheckReport {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const broken = new Set(errors.map(({ operation }) => operation));
  const { usage, base } = input;
  return {
    version: 1,
    result: errors.length > 0 ? 'fail' : 'pass',
    subgraphs: input.subgraphs.map(({ name }) => name),
    base: base?.name ?? null,
    otherwise: known?.otherwise ?? 'unknown',
    usage: usage === undefined ? null : { from: usage.from, to: usage.to, coverage: usage.coverage },
    operations: (known?.operations ?? []).map(({ name, place, use }) => ({
      name,
      file: place.file,
      line: place.line,
      result: broken.has(name) ? 'breaks' : 'valid',
      use: use.state,
      clients: use.clients,
      lastSeen: use.lastSeen ?? null,
    })),
    problems: problems.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]),
    changes: changes.map((change) => ({
      ...change,
      breaks: operationsOn(change, errors),
      noticedBy: operationsOn(change, problems.filter(isWarning)),
    })),
    supergraphChanges: joins?.changes ?? [],
    notCompared: cachingUnknown(input) && known !== undefined ? [NO_CACHING] : [],
  };
}

function cachingUnknown({ base, subgraphs }: CheckInput): boolean {
  return (
    base !== undefined && base.subgraphs === undefined && subgraphs.some(({ sdl }) => sdl.includes('@cacheControl'))
  );
}

const NO_CACHING =
  'Caching: the subgraphs of the base are not known, and a supergraph does not hold their @cacheControl.';

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
