import type { Problem } from '../problem.ts';
import type { CheckReport } from '../report.ts';
import { summaryOf } from './summary.ts';

const COMMANDS = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** Commands to GitHub's runner, one a place: they show at the line in the pull request. The verdict is the last line. */
export function printAnnotations(report: CheckReport): string {
  const shown = report.problems.filter(({ severity, approved }) => severity !== 'note' || approved !== undefined);
  return [...shown.flatMap(annotationsOf), summaryOf(report)].join('\n');
}

function annotationsOf(problem: Problem): string[] {
  const { severity, code, message, operation, details = [], places } = problem;
  const text = data([operation === undefined ? message : `${operation}: ${message}`, ...details].join('\n'));
  const command = COMMANDS[severity];
  if (places.length === 0) return [`::${command} title=${property(code)}::${text}`];
  return places.map(({ file, line, column }) => {
    const place = `file=${property(file)},line=${line},col=${column}`;
    return `::${command} ${place},title=${property(code)}::${text}`;
  });
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
