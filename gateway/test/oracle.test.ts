import { expect, test } from '@jest/globals';
import { ENGINES } from './oracle/engines.ts';
import type { OpenEngine } from './oracle/graph.ts';
import { printFailure } from './oracle/print-failure.ts';
import { type RunOptions, runOracle, type Summary } from './oracle/run.ts';
import { SABOTEURS } from './oracle/saboteurs.ts';
import { shrinkFailure } from './oracle/shrink.ts';
import { openWholeSubgraph } from './oracle/whole-subgraph.ts';

/** Of every run here: the same graphs and operations each time. The nightly run draws others. */
const SEED = 1;
const MOST_SHOWN = 3;

function engineNamed(name: string): OpenEngine {
  const found = ENGINES[name];
  if (found === undefined) throw new Error(`no engine ${name}`);
  return found;
}

/** Shows the first failures as small as they can be made, then gives the counts. */
async function check(options: Omit<RunOptions, 'seed'>): Promise<Summary> {
  let shown = 0;
  return await runOracle({
    ...options,
    seed: SEED,
    async onFailure(failure) {
      if (shown++ < MOST_SHOWN) console.error(printFailure(await shrinkFailure(failure, options.openEngine, 10_000)));
    },
  });
}

test('without federation, mocked subgraphs give what the monolith gives', async () => {
  const counts = await check({ operations: 400, subgraphs: 1, openEngine: openWholeSubgraph });
  expect(counts).toMatchObject({ operations: 400, right: 400 });
});

/** Few operations on each of many graphs, so that every kind of mistake has its chance. */
async function countNotRight(openEngine: OpenEngine): Promise<number> {
  const { operations, right } = await runOracle({ seed: SEED, operations: 80, operationsPerGraph: 4, openEngine });
  return operations - right;
}

let honest: Promise<number> | undefined;
for (const [mistake, sabotage] of Object.entries(SABOTEURS)) {
  test(`an engine that ${mistake} is found out`, async () => {
    honest ??= countNotRight(engineNamed('weft'));
    expect(await countNotRight(sabotage(engineNamed('weft')))).toBeGreaterThan(await honest);
  });
}

test('the stock engine is asked the same, and its faults are counted', async () => {
  const counts = await runOracle({ seed: SEED, operations: 400, openEngine: engineNamed('apollo') });
  expect(counts.operations).toBe(400);
  console.info(`stock engine: ${JSON.stringify(counts)}`);
});
