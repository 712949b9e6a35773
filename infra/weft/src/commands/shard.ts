import { UserError } from '@weft/errors';
import type { Command, FlagValues, Terminal } from '../command.ts';
import { SHARD_FLAGS } from '../shard/shard-flags.ts';

export const shardCommand: Command = {
  usage: 'list | where TYPE:ID | plan | add NAME | move BUCKETS --to SHARD [--dry-run] | move --resume',
  about:
    'Which shard holds what, and moving it. list shows the shards; where tells where an entity lies; plan counts rows\n' +
    'and names moves that make the shards even; add puts a new shard without buckets into the map; move copies buckets\n' +
    'to another shard while they are read and written, cuts over, and removes them where they were. Ctrl-C undoes a move\n' +
    'up to its cut-over. After a crash, move --resume ends or undoes what was left.',
  flags: {
    to: { type: 'string', value: 'SHARD', help: 'move: where to.' },
    'dry-run': { type: 'boolean', help: 'move: say what would be moved and what is in the way, and change nothing.' },
    resume: { type: 'boolean', help: 'move: end or undo a move that was left.' },
    'disk-is-enough': { type: 'boolean', help: 'move: do not look at the free disk of the target.' },
    ...SHARD_FLAGS,
  },
  words: { least: 1, most: 2 },
  examples: [
    'weft shard list',
    'weft shard where Product:123',
    'weft shard plan',
    'weft shard move 0-99,120 --to shard-2 --dry-run',
  ],
  run,
};

async function run(flags: FlagValues, [verb, word]: readonly string[], terminal: Terminal): Promise<number> {
  const { openShardFiles } = await import('../shard/shard-files.ts');
  const show = () => import('../shard/show-shards.ts');
  const change = () => import('../shard/change-shards.ts');
  const files = openShardFiles(flags, terminal);
  switch (verb) {
    case 'list':
      return (await show()).listShards(files, terminal);
    case 'plan':
      return (await show()).planShards(files, terminal);
    case 'where':
      return (await show()).whereIs(files, needed(word, 'where Product:123'), terminal);
    case 'add':
      return (await change()).addShard(files, needed(word, 'add shard-4'), terminal);
    case 'move':
      return (await change()).moveShards(files, word, flags, terminal);
    default:
      throw new UserError(`weft shard: read "${verb}". Allowed: list, where, plan, add, move.`);
  }
}

function needed(word: string | undefined, example: string): string {
  if (word === undefined) throw new UserError(`weft shard: something is missing, as in: weft shard ${example}`);
  return word;
}
