import type { CheckedChange, CheckReport } from '../report.ts';
import { printProblem } from './print-problem.ts';
import { summaryOf } from './summary.ts';

/** The report for a person: what is wrong first, then what changed, the verdict last, where a terminal shows it. */
export function printReport(report: CheckReport): string {
  const shown = report.problems
    .filter(({ severity, approved }) => severity !== 'note' || approved !== undefined)
    .map((problem) => printProblem(problem));
  return [
    ...shown,
    ...printChanges(report),
    ...printJoins(report),
    ...report.notCompared.map(notCompared),
    summaryOf(report),
  ].join('\n\n');
}

function printChanges({ changes, base, otherwise }: CheckReport): string[] {
  if (changes.length === 0) return [];
  const labels = changes.map((change) => labelOf(change, otherwise));
  const width = Math.max(...labels.map((label) => label.length));
  const rows = changes.map(({ message }, index) => `  ${labels[index]?.padEnd(width)}  ${message}`);
  return [[`Changes of the API since ${base}:`, ...rows].join('\n')];
}

function labelOf({ level, breaks, noticedBy }: CheckedChange, otherwise: CheckReport['otherwise']): string {
  if (breaks.length > 0) return `breaks ${breaks.join(', ')}`;
  if (noticedBy.length > 0) return `noticed by ${noticedBy.join(', ')}`;
  if (level !== 'breaking') return level;
  return otherwise === 'unused' ? 'breaking, no known operation notices' : 'breaking, not known who uses it';
}

function printJoins({ supergraphChanges }: CheckReport): string[] {
  if (supergraphChanges.length === 0) return [];
  return [
    [
      'Changes between subgraphs, which clients do not see:',
      ...supergraphChanges.map(({ message }) => `  ${message}`),
    ].join('\n'),
  ];
}

function notCompared(what: string): string {
  return `Not compared. ${what}`;
}
