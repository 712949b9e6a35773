import { readFileSync } from 'node:fs';
import { reportFailure, UserError } from '@weft/errors';
import type { Terminal } from './command.ts';

/** Runs `weft` with these arguments and gives its exit code. Nothing a user can do wrong prints a stack. */
export async function main(args: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    return reportFailure(error, (text) => terminal.progress(text));
  }
}

async function dispatch([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === '--version' || name === '-v' || name === 'version') {
    terminal.out(version());
    return 0;
  }
  const { COMMANDS } = await import('./command-list.ts');
  const { printHelp, printOverview } = await import('./help.ts');
  if (name === undefined || isHelp(name)) {
    const [about] = rest;
    if (about !== undefined && about in COMMANDS) return dispatch([about, '--help'], terminal);
    terminal.out(printOverview());
    return 0;
  }
  const listed = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (listed === undefined) throw await unknownCommand(name, Object.keys(COMMANDS));
  const command = await listed.load();
  if (command.passThrough !== undefined) return command.passThrough(rest);
  if (rest.some(isHelp)) {
    terminal.out(printHelp(name, command));
    return 0;
  }
  const { readArguments } = await import('./read-arguments.ts');
  const { flags, words } = await readArguments(name, command, rest);
  return command.run(flags, words, terminal);
}

function isHelp(word: string): boolean {
  return word === 'help' || word === '--help' || word === '-h';
}

async function unknownCommand(name: string, known: readonly string[]): Promise<UserError> {
  const { nearestKey } = await import('@weft/config');
  const near = nearestKey(name, known, []);
  const meant = near === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "weft ${near}"?`;
  return new UserError(`weft: there is no command "${name}". ${meant}`);
}

function version(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function processTerminal(): Terminal {
  return {
    directory: process.cwd(),
    out: (text) => void process.stdout.write(`${text}\n`),
    progress: (text) => void process.stderr.write(`${text}\n`),
  };
}
