import type { Problem, SourcePlace } from '../problem.ts';

/** Longer lines are cut around the column: an SDL that a program wrote can be one line. */
const WIDEST = 160;
const BEFORE_COLUMN = 60;

/** A problem as text for a terminal: code and message, then each place with its line and a caret under the column. */
export function printProblem(problem: Problem): string {
  const subject = problem.operation === undefined ? '' : `${problem.operation}: `;
  const lines = [`${problem.severity} ${problem.code}  ${subject}${problem.message.replaceAll('\n', '\n  ')}`];
  for (const line of sentBy(problem)) lines.push(`  ${line}`);
  for (const detail of problem.approved === undefined ? (problem.details ?? []) : []) lines.push(`  ${detail}`);
  for (const place of problem.places) lines.push(...printPlace(place));
  return lines.join('\n');
}

/** Who sends the operation and when it was last seen; who approved the change. */
function sentBy({ clients = [], lastSeen, approved }: Problem): string[] {
  const seen = lastSeen === undefined ? '' : `; last seen ${lastSeen}`;
  return [
    ...(clients.length === 0 ? [] : [`sent by ${clients.join(', ')}${seen}`]),
    ...(approved === undefined ? [] : [`approved by ${approved.by} until ${approved.until}: ${approved.reason}`]),
  ];
}

function printPlace({ file, line, column, text }: SourcePlace): string[] {
  const number = String(line);
  const { shown, before } = cut(text, column - 1);
  // Tabs are kept, so that the caret stands under its column however wide a tab is shown.
  const indent = before.replace(/[^\t]/g, ' ');
  return [`  ${file}:${line}:${column}`, `    ${number} | ${shown}`, `    ${' '.repeat(number.length)} | ${indent}^`];
}

function cut(text: string, at: number): { readonly shown: string; readonly before: string } {
  if (text.length <= WIDEST) return { shown: text, before: text.slice(0, at) };
  const from = Math.max(0, at - BEFORE_COLUMN);
  const start = from === 0 ? '' : '...';
  const end = from + WIDEST < text.length ? '...' : '';
  return { shown: `${start}${text.slice(from, from + WIDEST)}${end}`, before: start + text.slice(from, at) };
}
