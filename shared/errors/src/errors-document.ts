import { ERROR_CODES, type ErrorCodeRow } from './codes.ts';

const RETRY = { later: 'the same request, later', changed: 'only a changed request' } as const;

/** docs/errors.md: the table of codes for those who write clients. A test holds the file against it. */
export function errorsDocument(): string {
  const rows: [string, ErrorCodeRow][] = Object.entries(ERROR_CODES);
  return `# Error codes

Every error of a response carries its code in \`extensions.code\`. Branch on the code, never on the message. The status is that of a
response without \`data\`; an answer with partial data is 200. This file is made from the table in shared/errors; change it there.

| code | status | what can work | meaning |
|---|---|---|---|
${rows.map(([code, { status, retry, meaning }]) => `| \`${code}\` | ${status} | ${RETRY[retry]} | ${meaning} |`).join('\n')}

A code that is not in this table comes from a subgraph that has codes of its own.
`;
}
