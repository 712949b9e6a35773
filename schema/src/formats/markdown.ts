import type { Problem } from '../problem.ts';
import type { CheckedChange, CheckReport } from '../report.ts';
import { RULES } from '../verdict/rules.ts';
import { count, summaryOf } from './summary.ts';

/** Whoever posts the comment finds the earlier one by this and replaces it. */
export const COMMENT_MARK = '<!-- weft check -->';

/** GitHub refuses a comment of more than 65,536 characters. */
const MOST_CHARACTERS = 60_000;

/** One comment of a pull request: the verdict, what is wrong, and folded below what changed. */
export function printMarkdown(report: CheckReport): string {
  const of = (severity: string) => report.problems.filter((problem) => problem.severity === severity);
  const approved = report.problems.filter((problem) => problem.approved !== undefined);
  const parts = [
    `${COMMENT_MARK}\n### Schema check: ${report.result === 'pass' ? 'passed' : 'failed'}\n\n${asText(summaryOf(report).slice(6))}`,
    table('Must be cured', of('error')),
    table('Worth a look', of('warning')),
    table('Approved', approved),
    details(of('error').concat(of('warning'))),
    changes(report.changes),
    joins(report),
    [`Compared with ${report.base === null ? 'nothing' : `\`${report.base}\``}.`, ...report.notCompared]
      .map(asText)
      .join(' '),
  ];
  const text = parts.filter((part) => part !== '').join('\n\n');
  if (text.length <= MOST_CHARACTERS) return text;
  const cut = text.lastIndexOf('\n', MOST_CHARACTERS);
  return `${text.slice(0, cut)}\n\n</details>\n\nThe rest does not fit in a comment; \`weft check\` prints it all.`;
}

function table(title: string, problems: readonly Problem[]): string {
  if (problems.length === 0) return '';
  const rows = problems.map(({ code, rule, operation, clients = [], message, places, fingerprint, approved }) => {
    const [place] = places;
    const who = [operation === undefined ? '' : `\`${operation}\``, clients.join(', ')].filter(Boolean).join('<br>');
    const at = place === undefined ? '' : `\`${place.file}:${place.line}\``;
    const more =
      approved !== undefined
        ? `<br>${approved.by}, until ${approved.until}: ${approved.reason}`
        : fingerprint === undefined
          ? ''
          : `<br>approve: \`${fingerprint}\``;
    return `| ${rule ?? ''} | \`${code}\` | ${who} | ${cell(message)}${more} | ${at} |`;
  });
  return [
    `**${title}**`,
    '',
    '| rule | code | operation, clients | what | where |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function details(problems: readonly Problem[]): string {
  const withDetails = problems.filter((problem) => (problem.details ?? []).length > 0);
  if (withDetails.length === 0) return '';
  const blocks = withDetails.map(
    ({ code, operation, details = [] }) =>
      `${code} ${operation ?? ''}\n${details.map((line) => `  ${line}`).join('\n')}`,
  );
  return fold('Reasons and plans', ['```', ...blocks, '```'].join('\n'));
}

function changes(all: readonly CheckedChange[]): string {
  if (all.length === 0) return '';
  const rows = all.map(({ rule, message, breaks, noticedBy, level }) => {
    const who =
      breaks.length > 0
        ? `breaks ${breaks.join(', ')}`
        : noticedBy.length > 0
          ? `noticed by ${noticedBy.join(', ')}`
          : level;
    return `| ${rule} | ${cell(message)} | ${cell(who)} |`;
  });
  const used = [...new Set(all.map(({ rule }) => rule))].sort().map((rule) => `${rule}: ${RULES[rule].what}`);
  return fold(
    `${count(all.length, 'change')} of the API`,
    ['| rule | change | who |', '| --- | --- | --- |', ...rows, '', ...used.map((line) => `- ${asText(line)}`)].join(
      '\n',
    ),
  );
}

function joins({ supergraphChanges }: CheckReport): string {
  if (supergraphChanges.length === 0) return '';
  return fold(
    `${count(supergraphChanges.length, 'change')} between subgraphs, which clients do not see`,
    supergraphChanges.map(({ message }) => `- ${asText(message)}`).join('\n'),
  );
}

function fold(title: string, text: string): string {
  return `<details><summary>${title}</summary>\n\n${text}\n\n</details>`;
}

function cell(text: string): string {
  return asText(text).replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

/** `<` and `@` would be read as HTML and as a person. */
function asText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('@', '&#64;');
}
