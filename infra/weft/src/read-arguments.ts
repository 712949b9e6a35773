import { parseArgs } from 'node:util';
import { UserError } from '@weft/errors';
import type { Command, FlagValues } from './command.ts';

/** Splits the arguments of a command into flags and words. Throws UserError that names the nearest flag. */
export async function readArguments(
  name: string,
  command: Command,
  args: readonly string[],
): Promise<{ readonly flags: FlagValues; readonly words: readonly string[] }> {
  const parsed = parse(name, command, args);
  if (parsed instanceof UserError) throw await withNearest(parsed, name, command, args);
  const { least, most } = command.words ?? { least: 0, most: 0 };
  const { values: flags, positionals: words } = parsed;
  if (words.length > most) throw mistake(name, `read "${words[most]}", which is not an option of this command`);
  if (words.length < least) throw mistake(name, `something is missing: weft ${name} ${command.usage}`);
  return { flags, words };
}

function parse(name: string, command: Command, args: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([flag, { type, multiple, short }]) => [
      flag,
      { type, ...(multiple ? { multiple } : {}), ...(short ? { short } : {}) },
    ]),
  );
  try {
    return parseArgs({ args: numbersJoined(args), options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    return mistake(name, message.replace(/\. To specify .*$/s, '').replace(/\.$/, ''));
  }
}

/** `--hours -1` as `--hours=-1`: the command then says what is allowed, where Node takes the number for a flag. */
function numbersJoined(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const last = joined.at(-1);
    if (last !== undefined && /^--[\w-]+$/.test(last) && /^-\d/.test(arg)) joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
    return joined;
  }, []);
}

function mistake(name: string, what: string): UserError {
  return new UserError(`weft ${name}: ${what}${what.endsWith('?') ? '' : '.'} See weft ${name} --help.`);
}

/** Node names the option that it does not know; the one that was meant is ours to find. */
async function withNearest(error: UserError, name: string, command: Command, args: readonly string[]) {
  const known = Object.keys(command.flags);
  const unknown = args
    .filter((arg) => arg.startsWith('--'))
    .map((arg) => arg.slice(2).split('=')[0] ?? '')
    .find((flag) => !known.includes(flag));
  if (unknown === undefined) return error;
  const { nearestKey } = await import('@weft/config');
  const near = nearestKey(unknown, known, []);
  const meant =
    near === undefined ? `known: ${known.map((flag) => `--${flag}`).join(', ')}` : `did you mean --${near}?`;
  return mistake(name, `unknown option --${unknown}; ${meant}`);
}
