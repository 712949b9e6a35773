/** `node --conditions=weft-source gateway/test/marketplace/stock-answers.ts --operations 500 --seed 7`: prints each difference. */
import { parseArgs } from 'node:util';
import { compareEngines } from './compare-engines.ts';
import { committedQueries, createDraw } from './marketplace-operations.ts';
import { startMarketplace } from './real-marketplace.ts';

const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000) % 100_000) },
  },
});
const wanted = Number(values.operations);
const counts = { operations: 0, equal: 0, different: 0, empty: 0, otherOrder: 0 };
const marketplace = await startMarketplace();
try {
  const draw = await createDraw(marketplace);
  const operations = await committedQueries();
  for (let number = 0; operations.length < wanted; number += 1) {
    operations.push(...[draw(Number(values.seed) * 10_000 + number) ?? []].flat());
  }
  for (const operation of operations) {
    const { difference, empty, otherOrder } = await compareEngines(marketplace, operation);
    counts.operations += 1;
    if (empty) counts.empty += 1;
    if (otherOrder) counts.otherOrder += 1;
    counts[difference === undefined ? 'equal' : 'different'] += 1;
    if (difference !== undefined) {
      console.log(`== ${difference}\n${operation.text}\nvariables ${JSON.stringify(operation.variables)}`);
      for (const engine of ['apollo', 'weft'] as const) {
        console.log(`${engine} ${JSON.stringify(await marketplace.ask(engine, operation))}`);
      }
    }
  }
} finally {
  await marketplace.stop();
}
console.log(JSON.stringify({ seed: Number(values.seed), ...counts }));
process.exitCode = counts.different > 0 ? 1 : 0;
