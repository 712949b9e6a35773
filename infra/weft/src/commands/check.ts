import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';
import { configFlag } from '../config-flag.ts';

const FORMATS = ['pretty', 'json'];

export const checkCommand: Command = {
  usage: '[--config FILE] [--base FILE|git:REF] [--operations DIR] [--format pretty|json]',
  about:
    'Composes the subgraphs, loads the result the way the gateway does, and replays every known operation on it.\n' +
    'Fails (exit 1) when one of these does not work. A breaking change that no known operation notices passes with a note.',
  flags: {
    config: configFlag,
    base: {
      type: 'string',
      value: 'FILE',
      help: 'The supergraph to compare with, or git:REF. Default: supergraph.graphql beside the list.',
    },
    operations: {
      type: 'string',
      value: 'DIR',
      help: 'The known operations, *.graphql. Default: operations beside the list.',
    },
    format: { type: 'string', value: 'FORMAT', help: 'pretty (default) or json.' },
  },
  examples: ['weft check', 'weft check --base git:origin/main', 'weft check --format json'],
  run,
};

async function run(flags: FlagValues, _words: readonly string[], terminal: Terminal): Promise<number> {
  const { checkFiles, printReport } = await import('@weft/schema');
  const format = String(flags.format ?? 'pretty');
  if (!FORMATS.includes(format)) throw new UserError(`--format: read "${format}". Allowed: ${FORMATS.join(', ')}.`);
  const report = await checkFiles({
    config: String(flags.config ?? configFlag.default),
    base: textOf(flags.base),
    operations: textOf(flags.operations),
    directory: terminal.directory,
  });
  terminal.out(format === 'json' ? JSON.stringify(report, null, 2) : printReport(report));
  return report.result === 'pass' ? 0 : 1;
}

function textOf(flag: FlagValues[string]): string | undefined {
  return typeof flag === 'string' ? flag : undefined;
}
