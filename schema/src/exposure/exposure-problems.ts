import type { LoadedSupergraph } from '@weft/supergraph';
import type { LooserCaching } from '../caching/caching-changes.ts';
import type { UsedOperation } from '../operations/known-operations.ts';
import { coordinatesOf } from '../operations/operation-coordinates.ts';
import type { Problem, SourcePlace } from '../problem.ts';
import { type ChangeToApprove, fingerprintOf } from '../verdict/approvals.ts';
import { operationProblem } from '../verdict/operation-problem.ts';
import type { CheckPolicy } from '../verdict/policy.ts';
import { RULES } from '../verdict/rules.ts';
import type { AccessChange } from './access-changes.ts';

export interface ExposureInput {
  readonly base: LoadedSupergraph;
  readonly operations: readonly UsedOperation[];
  readonly otherwise: 'unused' | 'unknown';
  readonly policy: CheckPolicy;
  /** Where an element is defined. */
  placesOf(coordinate: string): readonly SourcePlace[];
}

/** E1 of rules that got looser and D3: they fail whoever uses them, until somebody approves. */
export function looserProblems(
  access: readonly AccessChange[],
  caching: readonly LooserCaching[],
  input: ExposureInput,
): Problem[] {
  const opened = access
    .filter(({ kind }) => kind === 'loosened')
    .map(({ coordinate, from, to, fields }) => {
      const change: ChangeToApprove = { rule: 'E1', coordinate, from, to };
      const seen = fields.length === 1 && fields[0] === coordinate ? '' : ` (${shortList(fields)})`;
      return toApprove('ACCESS_LOOSENED', change, `${coordinate} was for ${from}, and is for ${to}${seen}.`, input);
    });
  const kept = caching.map(({ coordinate, from, to }) =>
    toApprove(
      'CACHING_LOOSENED',
      { rule: 'D3', coordinate, from, to },
      `${coordinate} was ${from} for caches, and is ${to}.`,
      input,
    ),
  );
  return [...opened, ...kept];
}

/** E1 of elements that were there and not shown. `where`: the API, or the contract that shows them. */
export function shownProblems(coordinates: readonly string[], where: string, input: ExposureInput): Problem[] {
  return coordinates.map((coordinate) =>
    toApprove(
      'NEWLY_SHOWN',
      { rule: 'E1', coordinate, from: 'hidden', to: where },
      `${coordinate} was hidden, and ${where} shows it now.`,
      input,
    ),
  );
}

/** E2: fields that ask more of their callers, for each operation that selects them. */
export function tightenedProblems(changes: readonly AccessChange[], input: ExposureInput): Problem[] {
  const tightened = changes.filter(({ kind }) => kind === 'tightened');
  if (tightened.length === 0) return [];
  const selected = input.operations.map((operation) => ({
    operation,
    coordinates: new Set([...coordinatesOf(operation.document, input.base.schema).values()].flat()),
  }));
  return tightened.flatMap(({ coordinate, fields, from, to }) => {
    const message = `${coordinate} was for ${from}, and is for ${to}.`;
    const finding = { code: 'ACCESS_TIGHTENED', rule: 'E2', message, coordinates: [coordinate] } as const;
    const by = selected.filter(({ coordinates }) => fields.some((field) => coordinates.has(field)));
    if (by.length === 0) {
      return [{ ...finding, severity: RULES.E2[input.otherwise], places: input.placesOf(coordinate) }];
    }
    return by.map(({ operation }) =>
      operationProblem(operation, { ...finding, places: [operation.place] }, input.policy),
    );
  });
}

function toApprove(
  code: string,
  change: ChangeToApprove,
  message: string,
  { placesOf, policy }: ExposureInput,
): Problem {
  const { coordinate, rule } = change;
  const fingerprint = fingerprintOf(change, policy.variant);
  return {
    code,
    rule,
    severity: 'error',
    message,
    coordinates: [coordinate],
    places: placesOf(coordinate),
    fingerprint,
    details: [`If it is meant: weft approve ${fingerprint} --reason "..." --until 7d`],
  };
}

function shortList(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
