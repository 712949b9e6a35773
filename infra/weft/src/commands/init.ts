import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';
import { configFlag } from '../config-flag.ts';

export const initCommand: Command = {
  usage: '[FILE|FOLDER ...] [--supergraph FILE] [--config FILE]',
  about:
    'Writes the list of subgraphs for a repository that has none, and composes them: from the SDL files and folders that are\n' +
    'named, from everything below this folder, or from a supergraph. Then weft check works there, without a server.',
  flags: {
    config: { ...configFlag, help: 'The list to write. Default: schema/subgraphs.yaml.' },
    supergraph: { type: 'string', value: 'FILE', help: 'Take the subgraphs out of a supergraph that was composed.' },
  },
  examples: [
    'weft init users.graphql reviews.graphql',
    'weft init services',
    'weft init --supergraph supergraph.graphql',
  ],
  words: { least: 0, most: Number.POSITIVE_INFINITY },
  run,
};

async function run(flags: FlagValues, words: readonly string[], terminal: Terminal): Promise<number> {
  const { initGraph } = await import('../scaffold/init-graph.ts');
  const { composeCommand } = await import('./compose.ts');
  const config = String(flags.config ?? configFlag.default);
  const supergraph = typeof flags.supergraph === 'string' ? flags.supergraph : undefined;
  if (supergraph !== undefined && words.length > 0)
    throw new UserError('weft init: either --supergraph or files, not both.');
  const found = initGraph({ from: words, supergraph, config, directory: terminal.directory });
  terminal.out(
    [`${config} is written:`, ...found.map(({ name, schema, url }) => `  ${name}  ${schema}  ${url}`)].join('\n'),
  );
  const code = await composeCommand.run({ config }, [], terminal);
  if (code !== 0) {
    terminal.progress(`Correct that, then: weft compose --config ${config}`);
    return code;
  }
  const more = config === configFlag.default ? '' : ` --config ${config}`;
  terminal.out(
    [
      'Next:',
      '  1. put right where the subgraphs answer, if it matters: a check asks none of them',
      '  2. put the operations that your clients send into operations/, beside the list',
      '  3. git add and commit; on a branch, change an SDL and run',
      `       weft check${more}`,
    ].join('\n'),
  );
  return 0;
}
