import { parseArgs } from 'node:util';
import type { Operation } from './draw-operation.ts';
import { drawWorld } from './draw-world.ts';
import { ENGINES } from './engines.ts';
import { openGraph } from './graph.ts';
import { printFailure } from './print-failure.ts';
import { verdictOf } from './verdict.ts';

/** `replay.ts --graph 100021 --operation '{ q7 { c5 } }' --variables '{}' --engine weft`: one case whole, right or wrong. */
const { values } = parseArgs({
  options: {
    graph: { type: 'string' },
    operation: { type: 'string', default: '{ __typename }' },
    variables: { type: 'string', default: '{}' },
    engine: { type: 'string', default: 'weft' },
  },
});
const graph = openGraph(drawWorld(Number(values.graph)));
if (graph === undefined) throw new Error(`graph ${values.graph} does not compose`);
const engine = await ENGINES[values.engine]?.(graph.supergraphSdl, graph.mocks.call);
if (engine === undefined) throw new Error(`no engine ${values.engine}`);
const variables = JSON.parse(values.variables) as Operation['variables'];
const operation = { text: values.operation, variables };
console.log(printFailure({ graph, engine, operation, verdict: await verdictOf(graph, engine, operation) }));
