import { ERROR_CODES, isErrorCode, UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';

const RETRY = {
  later: 'The same request may work after a while.',
  changed: 'Only another request can work.',
} as const;

export const explainCommand: Command = {
  usage: '[CODE]',
  about: 'Tells what an error code in `extensions.code` of an answer means; without a code, all of them.',
  flags: {},
  words: { least: 0, most: 1 },
  examples: ['weft explain SHARD_UNAVAILABLE', 'weft explain'],
  run,
};

async function run(_flags: FlagValues, [given]: readonly string[], terminal: Terminal): Promise<number> {
  const codes = Object.keys(ERROR_CODES).filter(isErrorCode);
  if (given === undefined) {
    const width = Math.max(...codes.map((code) => code.length));
    terminal.out(codes.map((code) => `${code.padEnd(width)}  ${ERROR_CODES[code].meaning}`).join('\n'));
    return 0;
  }
  const code = given.toUpperCase();
  if (!isErrorCode(code)) {
    const { nearestKey } = await import('@weft/config');
    const near = nearestKey(code, codes, []);
    const meant = near === undefined ? 'weft explain lists all.' : `Did you mean ${near}?`;
    throw new UserError(`weft explain: there is no code "${given}". ${meant}`);
  }
  const { status, retry, meaning } = ERROR_CODES[code];
  terminal.out(`${code}\n  ${meaning}\n  ${RETRY[retry]}\n  HTTP ${status} when the answer has no data.`);
  return 0;
}
