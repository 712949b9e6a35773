import { type DocumentNode, print, stripIgnoredCharacters } from 'graphql';
import type { Problem } from '../problem.ts';
import type { CheckPolicy } from '../verdict/policy.ts';
import type { UseState } from '../verdict/rules.ts';
import { type KnownOperation, type OperationFile, parseOperations } from './operations.ts';
import type { Usage, UsageRow } from './usage.ts';

/** What is known of who sends an operation. */
export interface OperationUse {
  readonly state: UseState;
  /** `web 1.2`, most often first. */
  readonly clients: readonly string[];
  readonly clientNames: readonly string[];
  readonly lastSeen: string | undefined;
  /** Shapes of variables that were seen; none: it is not known which are sent. */
  readonly variables: readonly Readonly<Record<string, unknown>>[];
}

/** An operation with what is known of its use. */
export type UsedOperation = KnownOperation & {
  readonly use: OperationUse;
  /** Only usage tells of it: it may be of before an earlier change. */
  readonly isOnlySeen: boolean;
};

export interface OperationSources {
  readonly files: readonly OperationFile[];
  readonly usage?: Usage | undefined;
  readonly policy: CheckPolicy;
}

export interface ReadOperations {
  readonly operations: readonly UsedOperation[];
  readonly problems: readonly Problem[];
  /** What it means that no operation here uses an element: nobody does, or nobody knows. */
  readonly otherwise: Exclude<UseState, 'used'>;
}

/** The operations of the repository, which count as used, and those that were seen. The same operation counts once. */
export function knownOperations({ files, usage, policy }: OperationSources): ReadOperations {
  const { operations, problems } = parseOperations(files);
  const seen = usage === undefined ? [] : seenOperations(usage, policy);
  const byText = new Map(seen.map((operation) => [textOf(operation.document), operation]));
  const committed = operations.map((operation): UsedOperation => {
    const text = textOf(operation.document);
    const use = byText.get(text)?.use ?? NOT_SEEN;
    byText.delete(text);
    return { ...operation, use: { ...use, state: 'used' }, isOnlySeen: false };
  });
  return {
    operations: [...committed, ...byText.values()],
    problems,
    otherwise: otherwiseOf(operations.length, usage, policy),
  };
}

const NOT_SEEN: OperationUse = { state: 'used', clients: [], clientNames: [], lastSeen: undefined, variables: [] };

function otherwiseOf(count: number, usage: Usage | undefined, policy: CheckPolicy): 'unused' | 'unknown' {
  if (policy.operations !== 'auto') return policy.operations === 'complete' ? 'unused' : 'unknown';
  if (usage !== undefined) return usage.coverage >= policy.coverage ? 'unused' : 'unknown';
  return count > 0 ? 'unused' : 'unknown';
}

function seenOperations(usage: Usage, policy: CheckPolicy): UsedOperation[] {
  const rows = usage.rows.filter(({ client }) => !policy.excludeClients.includes(client));
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const byBody = Map.groupBy(rows, ({ body }) => body);
  return [...byBody].flatMap(([body, all]): UsedOperation[] => {
    const embedded = { line: all[0]?.line ?? 1, name: all[0]?.name ?? 'unnamed' };
    const { operations } = parseOperations([{ file: usage.file, text: body, embedded }]);
    return operations.map((operation) => ({
      ...operation,
      use: useOf(all, { usage, policy, total }),
      isOnlySeen: true,
    }));
  });
}

interface Seen {
  readonly usage: Usage;
  readonly policy: CheckPolicy;
  readonly total: number;
}

function useOf(rows: readonly UsageRow[], { usage, policy, total }: Seen): OperationUse {
  const count = rows.reduce((sum, row) => sum + row.count, 0);
  const enough = count > 0 && count >= policy.minimumCount && count / total >= policy.minimumShare;
  const known = usage.coverage >= policy.coverage || policy.operations === 'complete';
  const often = rows.toSorted((a, b) => b.count - a.count);
  const dates = rows.flatMap(({ lastSeen }) => lastSeen ?? []);
  return {
    state: enough ? 'used' : known ? 'unused' : 'unknown',
    clients: [...new Set(often.map(({ client, clientVersion }) => [client, clientVersion].filter(Boolean).join(' ')))],
    clientNames: [...new Set(often.map(({ client }) => client))],
    lastSeen: dates.toSorted().at(-1),
    variables: rows.flatMap(({ variables }) => variables),
  };
}

/** Two texts of one operation are equal by this. */
function textOf(document: DocumentNode): string {
  return stripIgnoredCharacters(print(document));
}
