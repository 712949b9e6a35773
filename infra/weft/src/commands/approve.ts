import { readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';
import { configFlag } from '../config-flag.ts';

const MOST_DAYS = 90;

export const approveCommand: Command = {
  usage: 'FINGERPRINT ... --reason TEXT --until 7d [--by NAME] [--config FILE]',
  about:
    'Writes to approvals.yaml, beside the list of subgraphs, that a change of who sees what is meant. The check prints the\n' +
    'fingerprint; it is of the change itself, so the approval survives a rebase. Commit the file: who may merge it, approves.',
  flags: {
    config: configFlag,
    reason: { type: 'string', value: 'TEXT', help: 'Why it is meant. Needed.' },
    until: { type: 'string', value: 'TIME', help: `How long it counts: 7d, at most ${MOST_DAYS}d. Needed.` },
    by: { type: 'string', value: 'NAME', help: 'Who approves. Default: who runs the command.' },
  },
  examples: ['weft approve 0123456789abcdef --reason "public since the new terms" --until 7d'],
  words: { least: 1, most: Number.POSITIVE_INFINITY },
  run,
};

async function run(flags: FlagValues, words: readonly string[], terminal: Terminal): Promise<number> {
  const { addApproval } = await import('@weft/schema');
  const wrong = words.find((word) => !/^[0-9a-f]{16}$/.test(word));
  if (wrong !== undefined) throw new UserError(`weft approve: read "${wrong}". Allowed: a fingerprint, 16 hex digits.`);
  if (typeof flags.reason !== 'string' || flags.reason.trim() === '')
    throw new UserError('weft approve: why? Say it with --reason.');
  const until = untilOf(flags.until);
  const by = typeof flags.by === 'string' ? flags.by : userInfo().username;
  const shown = join(dirname(String(flags.config ?? configFlag.default)), 'approvals.yaml');
  const file = resolve(terminal.directory, shown);
  let text = read(file);
  for (const fingerprint of words) text = addApproval(text, { fingerprint, reason: flags.reason, by, until });
  if (text !== undefined) writeFileSync(file, text);
  terminal.progress(`${shown} is written; commit it.`);
  return 0;
}

function untilOf(flag: FlagValues[string]): string {
  const days = Number(/^(\d{1,2})d$/.exec(String(flag ?? ''))?.[1] ?? 0);
  if (days < 1 || days > MOST_DAYS)
    throw new UserError(`--until: read "${flag ?? ''}". Allowed: days, 1d to ${MOST_DAYS}d.`);
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
