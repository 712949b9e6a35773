import { parseArgs } from 'node:util';
import { runMoveDrill } from './move-drill.ts';

const HELP = `node infra/drills/src/move/main.ts [--runs N] [--writers N]

Moves half of the buckets of a shard to another one and back, by the command, while they are written to and read. Compares
what was acknowledged with both shards, and tells how long no write was taken.
  --runs N     How many moves. Default: 10.
  --writers N  Writers at a time. Default: 4.
`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    writers: { type: 'string', default: '4' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  const [runs, writers] = [Number(values.runs), Number(values.writers)];
  if (![runs, writers].every((number) => Number.isInteger(number) && number > 0)) {
    throw new Error('--runs and --writers take numbers from 1');
  }
  const result = await runMoveDrill({ runs, writers, tell: (line) => console.log(line) });
  console.log(JSON.stringify(result));
  process.exitCode = result.lost === 0 && result.doubled === 0 && result.problems.length === 0 ? 0 : 1;
}
