import type { CheckedChange, CheckReport } from './check.ts';
import { printProblem } from './print-problem.ts';
import type { Problem } from './problem.ts';

/** The report for a person: what is wrong first, then what changed, the verdict last, where a terminal shows it. */
export function printReport(report: CheckReport): string {
  const shown = report.problems.filter(({ severity }) => severity !== 'note').map((problem) => printProblem(problem));
  return [...shown, ...printChanges(report), verdictOf(report)].join('\n\n');
}

function printChanges({ changes, base }: CheckReport): string[] {
  if (changes.length === 0) return [];
  const rows = changes.map((change) => `  ${labelOf(change).padEnd(WIDEST)}  ${change.message}`);
  return [[`Changes of the API since ${base}:`, ...rows].join('\n')];
}

const WIDEST = 'breaking, no known operation uses it'.length;

function labelOf({ level, breaks }: CheckedChange): string {
  if (breaks.length > 0) return `breaks ${breaks.join(', ')}`;
  return level === 'breaking' ? 'breaking, no known operation uses it' : level;
}

function verdictOf(report: CheckReport): string {
  const { subgraphs, operations, changes, base } = report;
  if (report.result === 'pass') {
    const compared = base === null ? 'nothing to compare with' : `${count(changes.length, 'change')} of the API`;
    const valid = `${count(operations.length, 'known operation')} ${operations.length === 1 ? 'stays' : 'stay'} valid`;
    return `PASS  ${count(subgraphs.length, 'subgraph')} compose, the gateway loads them, ${valid}, ${compared}.`;
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
