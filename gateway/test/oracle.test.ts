import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { differenceOf } from './oracle/compare.ts';
import { drawOperation } from './oracle/draw-operation.ts';
import { drawWorld } from './oracle/draw-world.ts';
import { ENGINES } from './oracle/engines.ts';
import { type OpenEngine, openGraph } from './oracle/graph.ts';
import { MENDED_FAULTS } from './oracle/mended-faults.ts';
import { openOverHttp } from './oracle/over-http.ts';
import { printFailure } from './oracle/print-failure.ts';
import { type RunOptions, runOracle, type Summary } from './oracle/run.ts';
import { SABOTEURS } from './oracle/saboteurs.ts';
import { shrinkFailure } from './oracle/shrink.ts';
import { verdictOf } from './oracle/verdict.ts';
import { openWholeSubgraph } from './oracle/whole-subgraph.ts';

/** Of every run here: the same graphs and operations each time. The nightly run draws others. */
const SEED = 1;
/** Of the operations. */
const MOST_REFUSED = 0.003;
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
  const { operations, right } = await runOracle({ seed: SEED, operations: 48, operationsPerGraph: 4, openEngine });
  return operations - right;
}

let honest: Promise<number> | undefined;
for (const [mistake, sabotage] of Object.entries(SABOTEURS)) {
  test(`an engine that ${mistake} is found out`, async () => {
    honest ??= countNotRight(engineNamed('weft'));
    expect(await countNotRight(sabotage(engineNamed('weft')))).toBeGreaterThan(await honest);
  });
}

test('over HTTP the answers are the same', async () => {
  const wrong: string[] = [];
  let answered = 0;
  for (let seed = 1; answered < 60; seed++) {
    const served = await openOverHttp(drawWorld(seed), 'weft');
    if (served === undefined) continue;
    const { graph, ask, stop } = served;
    try {
      for (let number = 0; number < 12; number++) {
        const operation = drawOperation(graph.schema, seed * 1_000 + number);
        if (operation === undefined) continue;
        const expected = graph.monolith(parse(operation.text), operation.variables);
        const got = await ask(operation);
        if (got.data === undefined) continue; // how many may be refused is asked below
        answered++;
        const difference = differenceOf(expected, got);
        if (difference !== undefined) wrong.push(`graph ${seed}: ${difference}: ${operation.text}`);
      }
    } finally {
      await stop();
    }
  }
  expect(wrong).toEqual([]);
});

test('the stock engine is asked the same, and its faults are counted', async () => {
  const counts = await runOracle({ seed: SEED, operations: 400, openEngine: engineNamed('apollo') });
  expect(counts.operations).toBe(400);
  console.info(`stock engine: ${JSON.stringify(counts)}`);
});

for (const fault of MENDED_FAULTS) {
  test(`once wrong: ${fault.name}`, async () => {
    const graph = openGraph(drawWorld(fault.graph));
    if (graph === undefined) throw new Error('the graph of this fault is not drawn any more: look for another');
    const engine = await engineNamed('weft')(graph.supergraphSdl, graph.mocks.call);
    const { kind } = await verdictOf(graph, engine, fault);
    await engine.stop();
    expect(kind).toBe('right');
  });
}

test('two thousand generated operations: no wrong answer of the weft engine, three in a thousand refused at most', async () => {
  const { operations, wrong, crashed, refused } = await check({ operations: 2_000, openEngine: engineNamed('weft') });
  expect({ operations, wrong, crashed }).toEqual({ operations: 2_000, wrong: 0, crashed: 0 });
  expect(refused).toBeLessThanOrEqual(operations * MOST_REFUSED);
}, 400_000);
