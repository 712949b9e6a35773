import { parseArgs } from 'node:util';
import { messageOf, UserError } from '@weft/errors';

export interface BenchArguments {
  readonly requests: number;
  readonly rounds: number;
  readonly connections: number;
  readonly json: string | undefined;
}

export const HELP = `pnpm bench graph: the sample operation through the whole stack, our gateway against stock @apollo/gateway in one run.

  --requests N      requests a round (2000)
  --rounds N        rounds of each gateway, interleaved (3)
  --connections N   connections that ask at once (16)
  --json FILE       write every figure by name`;

export function readArguments(words: readonly string[]): BenchArguments | 'help' {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        requests: { type: 'string', default: '2000' },
        rounds: { type: 'string', default: '3' },
        connections: { type: 'string', default: '16' },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return 'help';
    const count = (name: 'requests' | 'rounds' | 'connections'): number => {
      const read = Number(values[name]);
      if (!Number.isInteger(read) || read < 1)
        throw new UserError(`--${name} takes a whole number from 1, not "${values[name]}".`);
      return read;
    };
    return {
      requests: count('requests'),
      rounds: count('rounds'),
      connections: count('connections'),
      json: values.json,
    };
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(`${messageOf(error)}\n\n${HELP}`);
  }
}
