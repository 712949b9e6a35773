import type { CheckReport } from '../report.ts';

/** The verdict in one line. A rejection never has a word of success in it. */
export function summaryOf({ result, subgraphs, operations, changes, base, problems }: CheckReport): string {
  const warnings = problems.filter(({ severity }) => severity === 'warning').length;
  if (result === 'pass') {
    const compared = base === null ? 'nothing to compare with' : `${count(changes.length, 'change')} of the API`;
    const composed = `${count(subgraphs.length, 'subgraph')} ${subgraphs.length === 1 ? 'composes' : 'compose'}`;
    const valid = `${count(operations.length, 'known operation')} ${operations.length === 1 ? 'stays' : 'stay'} valid`;
    const warned = warnings === 0 ? '' : `; ${count(warnings, 'warning')}`;
    return `PASS  ${composed} and the gateway loads the result; ${valid}; ${compared}${warned}.`;
  }
  const broken = operations.filter((operation) => operation.result === 'breaks').length;
  const errors = problems.filter(
    ({ severity, operation }) => severity === 'error' && (broken === 0 || operation === undefined),
  ).length;
  const reasons = [
    broken > 0 ? `${count(broken, 'known operation')} would break` : [],
    errors > 0 ? count(errors, 'error') : [],
  ].flat();
  return `FAIL  ${reasons.join('; ')}.`;
}

export function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
