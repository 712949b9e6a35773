import type { Problem } from '../problem.ts';
import type { CheckedChange, CheckReport } from '../report.ts';
import { printProblem } from './print-problem.ts';

/** The report for a person: what is wrong first, then what changed, the verdict last, where a terminal shows it. */
export function printReport(report: CheckReport): string {
  const shown = report.problems.filter(({ severity }) => severity !== 'note').map((problem) => printProblem(problem));
  return [...shown, ...printChanges(report), verdictOf(report)].join('\n\n');
}

function printChanges({ changes, base }: CheckReport): string[] {
  if (changes.length === 0) return [];
  const labels = changes.map(labelOf);
  const width = Math.max(...labels.map((label) => label.length));
  const rows = changes.map(({ message }, index) => `  ${labels[index]?.padEnd(width)}  ${message}`);
  return [[`Changes of the API since ${base}:`, ...rows].join('\n')];
}

function labelOf({ level, breaks, noticedBy }: CheckedChange): string {
  if (breaks.length > 0) return `breaks ${breaks.join(', ')}`;
  if (noticedBy.length > 0) return `noticed by ${noticedBy.join(', ')}`;
  return level === 'breaking' ? 'breaking, no known operation notices' : level;
}

function verdictOf(report: CheckReport): string {
  const { subgraphs, operations, changes, base } = report;
  if (report.result === 'pass') {
    const compared = base === null ? 'nothing to compare with' : `${count(changes.length, 'change')} of the API`;
    const composed = `${count(subgraphs.length, 'subgraph')} ${subgraphs.length === 1 ? 'composes' : 'compose'}`;
    const valid = `${count(operations.length, 'known operation')} ${operations.length === 1 ? 'stays' : 'stay'} valid`;
    return `PASS  ${composed} and the gateway loads the result; ${valid}; ${compared}.`;
  }
  const broken = operations.filter(({ result }) => result === 'breaks').length;
  const errors = report.problems.filter(isError).length;
  const reason = broken > 0 ? `${count(broken, 'known operation')} would break` : count(errors, 'error');
  return `FAIL  ${reason}.`;
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
