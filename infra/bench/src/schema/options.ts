import { parseArgs } from 'node:util';
import { messageOf, UserError } from '@weft/errors';

export interface SchemaBenchOptions {
  readonly rounds: number;
  readonly only: readonly string[];
  readonly rivals: boolean;
  readonly json: string | undefined;
}

export const HELP = `pnpm bench schema: a check of ours, whole process, and what command lines of others do of it without a server.

  --only NAME,..   sizes (small, large); absent: both
  --rounds N       rounds of each command, interleaved; the median counts (3, of large 1)
  --rivals none    ours alone
  --json FILE      write every figure by name`;

export function readOptions(words: readonly string[]): SchemaBenchOptions | 'help' {
  const text = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...words],
      options: { only: text, rounds: text, rivals: text, json: text, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help === true) return 'help';
    const rounds = Number(values.rounds ?? 3);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new UserError(`--rounds takes a whole number from 1, not "${values.rounds}".`);
    const only = values.only?.split(',') ?? ['small', 'large'];
    const unknown = only.find((name) => name !== 'small' && name !== 'large');
    if (unknown !== undefined) throw new UserError(`--only knows small, large; not "${unknown}".`);
    return { rounds, only, rivals: values.rivals !== 'none', json: values.json };
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${messageOf(error)}\n\n${HELP}`);
  }
}
