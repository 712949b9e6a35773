import { resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';

const MOST_HOURS = 720;

export const tokenCommand: Command = {
  usage: '[ada|grace] [--hours N] [--data DIR]',
  about: 'Prints a token of a demo user (ada without a name), signed with the key that npm start made.',
  flags: {
    hours: { type: 'string', value: 'N', help: 'How long it is good for. Default: 24.' },
    data: { type: 'string', value: 'DIR', help: 'Data folder of the graph. Default: .data in this clone.' },
  },
  words: { least: 0, most: 1 },
  examples: ['weft token', 'weft token grace --hours 1'],
  run,
};

async function run(flags: FlagValues, [username = 'ada']: readonly string[], terminal: Terminal): Promise<number> {
  const hours = Number(flags.hours ?? 24);
  if (!(hours > 0 && hours <= MOST_HOURS)) {
    throw new UserError(`--hours: read "${flags.hours}". Allowed: a number up to ${MOST_HOURS}.`);
  }
  const { demoToken } = await import('@weft/local');
  const directory = typeof flags.data === 'string' ? { directory: resolve(terminal.directory, flags.data) } : {};
  terminal.out(await demoToken(username, { ...directory, lifetimeS: Math.ceil(hours * 3_600) }));
  return 0;
}
