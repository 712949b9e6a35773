import { parseArgs } from 'node:util';
import { ENGINES } from './engines.ts';
import { printFailure } from './print-failure.ts';
import { runOracle } from './run.ts';
import { shrinkFailure } from './shrink.ts';

/** `nightly.ts --operations 50000 --seed 7 --engine weft`: prints each wrong answer whole, and the counts. Exits 1 when one is wrong. */
const { values } = parseArgs({
  options: {
    operations: { type: 'string', default: '50000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1_000)) },
    engine: { type: 'string', default: 'apollo' },
    /** Failures that are made smaller and printed. */
    show: { type: 'string', default: '10' },
    /** Only failures of this kind: wrong, refused or crashed. */
    only: { type: 'string' },
    /** Longest time for making one graph smaller. */
    'shrink-seconds': { type: 'string', default: '60' },
  },
});
const openEngine = ENGINES[values.engine];
if (openEngine === undefined) throw new Error(`no engine ${values.engine}: ${Object.keys(ENGINES).join(', ')}`);
let left = Number(values.show);
const summary = await runOracle({
  seed: Number(values.seed),
  operations: Number(values.operations),
  openEngine,
  async onFailure(failure) {
    if (values.only !== undefined && values.only !== failure.verdict.kind) return;
    if (left-- <= 0) return;
    const budgetMs = Number(values['shrink-seconds']) * 1_000;
    console.log(printFailure(await shrinkFailure(failure, openEngine, budgetMs)));
  },
});
console.log(JSON.stringify({ engine: values.engine, ...summary }));
process.exitCode = summary.wrong + summary.crashed > 0 ? 1 : 0;
