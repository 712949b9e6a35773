/**
 * CPU of one storefront operation in each engine, interleaved in one run. Subgraphs answer at once with what they answered
 * before; HTTP is left out.
 *
 * `node --conditions=weft-source gateway/bench/engines.ts [operations per round]`
 */
import { createTelemetry } from '@weft/telemetry';
import { parse } from 'graphql';
import { createApolloEngine } from '../src/execution/apollo/engine.ts';
import type { Engine } from '../src/execution/engine.ts';
import { createWeftEngine } from '../src/execution/weft/engine.ts';
import type { CallSubgraph } from '../src/subgraph-call.ts';
import { STOREFRONT, storefrontSubgraphs, storefrontSupergraph } from './storefront-graph.ts';

const ROUNDS = 7;
const operations = Number(process.argv[2] ?? 60);
const subgraphs = storefrontSubgraphs();
const known = new Map<string, string>();
const asked = new Map<string, number>();
let engineName = '';

const call: CallSubgraph = async (request) => {
  asked.set(engineName, (asked.get(engineName) ?? 0) + 1);
  const key = `${request.subgraph} ${request.body}`;
  const text = known.get(key) ?? (await subgraphs.call(request)).text;
  known.set(key, text);
  return { status: 200, cacheControl: undefined, text };
};
const options = {
  supergraphSdl: storefrontSupergraph(),
  telemetry: createTelemetry({ service: 'bench', logLevel: 'silent' }),
  trustSubgraphErrors: true,
  errorExtensions: [],
  call,
};
const engines: readonly Engine[] = [await createApolloEngine(options), await createWeftEngine(options)];
const document = parse(STOREFRONT);

async function answer(engine: Engine): Promise<string> {
  engineName = engine.name;
  const result = await engine.execute(
    { document, hash: 'storefront', operationName: undefined, variables: { first: 5 } },
    {
      user: null,
      forwardedHeaders: {},
      signal: new AbortController().signal,
      deadlineMs: performance.now() + 10_000,
      cacheHints: { add: () => undefined },
    },
  );
  return JSON.stringify(result);
}

const answers: string[] = [];
for (const engine of engines) answers.push(await answer(engine));
if (answers[0] !== answers[1]) throw new Error('the engines answer differently');
const best = new Map<string, number>();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const engine of engines) {
    asked.clear();
    const before = process.cpuUsage();
    for (let count = 0; count < operations; count += 1) await answer(engine);
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000 / operations;
    best.set(engine.name, Math.min(ms, best.get(engine.name) ?? Number.POSITIVE_INFINITY));
  }
}
for (const engine of engines) {
  asked.clear();
  await answer(engine);
  const ms = best.get(engine.name)?.toFixed(2);
  console.log(
    `${engine.name}: ${ms} ms CPU an operation, ${asked.get(engine.name)} requests, ${answers[0]?.length} characters`,
  );
}
