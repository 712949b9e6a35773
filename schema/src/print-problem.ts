import type { Problem, SourcePlace } from './problem.ts';

/** A problem as text for a terminal: code and message, then each place with its line and a caret under the column. */
export function printProblem(problem: Problem): string {
  const subject = problem.operation === undefined ? '' : `${problem.operation}: `;
  const lines = [`${problem.severity} ${problem.code}  ${subject}${problem.message.replaceAll('\n', '\n  ')}`];
  for (const detail of problem.details ?? []) lines.push(`  ${detail}`);
  for (const place of problem.places) lines.push(...printPlace(place));
  return lines.join('\n');
}

function printPlace({ file, line, column, text }: SourcePlace): string[] {
  const number = String(line);
  // Tabs are kept, so that the caret stands under its column however wide a tab is shown.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [`  ${file}:${line}:${column}`, `    ${number} | ${text}`, `    ${' '.repeat(number.length)} | ${indent}^`];
}
