import { resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { AllDeadLetters } from '@weft/local';
import type { Command, FlagValues, Terminal } from '../command.ts';

export const jobsCommand: Command = {
  usage: 'list|retry|drop [ID ...] [--all] [--subgraph NAME] [--json] [--data DIR]',
  about:
    'Work that goes no further by itself: jobs that were given up, and events that failed a dozen times.\n' +
    'list shows them with their ids; retry has them tried again from the start; drop deletes them, and what they\n' +
    'would have done is not done. Uses the graph of npm start, or the variables of a worker where they are set.',
  flags: {
    all: { type: 'boolean', help: 'retry: all of them.' },
    subgraph: { type: 'string', value: 'NAME', help: 'Of one subgraph. Default: of every subgraph with a worker.' },
    json: { type: 'boolean', help: 'list: as JSON, with the whole data.' },
    data: { type: 'string', value: 'DIR', help: 'Data folder of the graph. Default: .data in this clone.' },
  },
  words: { least: 1, most: 1_000 },
  examples: ['weft jobs list', 'weft jobs list --subgraph orders --json', 'weft jobs retry --all'],
  run,
};

const VERBS = ['list', 'retry', 'drop'];

async function run(flags: FlagValues, [verb = '', ...ids]: readonly string[], terminal: Terminal): Promise<number> {
  check(flags, verb, ids);
  const { openAllDeadLetters } = await import('@weft/local');
  const letters = await openAllDeadLetters({
    ...(typeof flags.data === 'string' && { directory: resolve(terminal.directory, flags.data) }),
    ...(typeof flags.subgraph === 'string' && { subgraph: flags.subgraph }),
  });
  try {
    if (verb === 'list') return await list(letters, flags.json === true, terminal);
    const chosen = flags.all === true ? (await letters.list()).map(({ id }) => id) : ids;
    return await each(chosen, verb === 'retry' ? letters.retry : letters.drop, verb, terminal);
  } finally {
    await letters.stop();
  }
}

function check(flags: FlagValues, verb: string, ids: readonly string[]): void {
  if (!VERBS.includes(verb)) throw new UserError(`weft jobs: read "${verb}". Allowed: ${VERBS.join(', ')}.`);
  if (verb === 'list' && ids.length > 0) throw new UserError('weft jobs list takes no ids.');
  if (verb === 'drop' && flags.all === true)
    throw new UserError('weft jobs drop: --all is for retry; name what to drop.');
  if (verb !== 'list' && flags.all !== true && ids.length === 0) {
    throw new UserError(
      `weft jobs ${verb}: name at least one id${verb === 'retry' ? ', or --all' : ''}; weft jobs list shows them.`,
    );
  }
}

async function list(letters: AllDeadLetters, asJson: boolean, terminal: Terminal): Promise<number> {
  const found = await letters.list();
  if (asJson) {
    terminal.out(JSON.stringify(found, undefined, 2));
    return 0;
  }
  if (found.length === 0) terminal.progress('Nothing waits for a person.');
  for (const { id, name, at, tries, reason, data } of found) {
    terminal.out(`${id}\n  ${name}, ${tries} tries, ${at}${reason ? `, ${reason}` : ''}\n  ${JSON.stringify(data)}`);
  }
  return 0;
}

/** Exit code 1 when something was not there any more. */
async function each(
  ids: readonly string[],
  how: (id: string) => Promise<boolean>,
  verb: string,
  terminal: Terminal,
): Promise<number> {
  let missing = 0;
  for (const id of ids) {
    const done = await how(id);
    if (!done) missing += 1;
    terminal.out(
      done ? `${id}: ${verb === 'retry' ? 'is tried again' : 'is deleted'}` : `${id}: is not there (any more)`,
    );
  }
  if (ids.length === 0) terminal.progress('Nothing waits for a person.');
  return missing === 0 ? 0 : 1;
}
