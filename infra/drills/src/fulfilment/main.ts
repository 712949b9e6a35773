import { parseArgs } from 'node:util';
import { startGraph } from '../running-graph.ts';
import { PAYMENT_FAULTS, runFulfilmentDrill } from './fulfilment-drill.ts';

const HELP = `node infra/drills/src/fulfilment/main.ts [--rounds N]

Kills processes of the whole graph while customers order, and compares what they were told with every shard.
  --rounds N   How often a process is killed. Default: 50.
`;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, help: { type: 'boolean' } } });
if (values.help) {
  process.stdout.write(HELP);
} else {
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: read "${values.rounds}". Allowed: 1 and more.`);
  const running = await startGraph({ paymentFaults: PAYMENT_FAULTS });
  try {
    const began = performance.now();
    const tell = (line: string): void => console.log(line);
    const { log: _log, ...result } = await runFulfilmentDrill(running, {
      rounds,
      products: 6,
      stock: 3 * rounds,
      tell,
    });
    console.log(JSON.stringify({ ...result, seconds: Math.round((performance.now() - began) / 1_000) }, undefined, 2));
    process.exitCode = result.problems.length === 0 ? 0 : 1;
  } finally {
    await running.stop();
  }
}
