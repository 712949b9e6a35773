import type { Command } from './command.ts';
import { COMMANDS } from './command-list.ts';

/** What `weft` and `weft help` print. */
export function printOverview(): string {
  const names = Object.keys(COMMANDS);
  const width = Math.max(...names.map((name) => name.length));
  return [
    'weft: a GraphQL federation gateway and its subgraphs.',
    '',
    'Usage: weft COMMAND [options]',
    '',
    ...names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]?.summary}`),
    '',
    'weft COMMAND --help tells more; weft --version prints the version.',
    'Exit codes: 0 done, 1 the check failed, 2 bad input or unknown command, 70 a bug in weft.',
  ].join('\n');
}

/** What `weft NAME --help` prints. */
export function printHelp(name: string, command: Command): string {
  const flags = Object.entries(command.flags).map(([flag, { value, help }]) => ({
    left: value === undefined ? `--${flag}` : `--${flag} ${value}`,
    help,
  }));
  const width = Math.max(0, ...flags.map(({ left }) => left.length));
  return [
    `Usage: weft ${name} ${command.usage}`.trimEnd(),
    '',
    command.about,
    ...(flags.length === 0 ? [] : ['', 'Options:']),
    ...flags.map(({ left, help }) => `  ${left.padEnd(width)}  ${help}`),
    '',
    'Examples:',
    ...command.examples.map((example) => `  ${example}`),
  ].join('\n');
}
