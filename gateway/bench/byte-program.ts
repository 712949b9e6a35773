/**
 * CPU of one storefront operation in three ways, interleaved: as a program over bytes, over objects, and the floor of any
 * design that parses, JSON.parse of every answer. Subgraphs answer at once with what they answered before; HTTP is left out.
 *
 * `node --conditions=weft-source gateway/bench/byte-program.ts [operations per round]`
 */

import { runProgram } from '../src/execution/program/run-program.ts';
import type { CallBytes, CallSubgraph } from '../src/subgraph-call.ts';
import { answerByObjects, compileBothWays, contextOf, createOperationContext } from '../test/program/side-by-side.ts';
import { STOREFRONT, storefrontSubgraphs, storefrontSupergraph } from './storefront-graph.ts';

const ROUNDS = 9;
const operations = Number(process.argv[2] ?? 300);
const subgraphs = storefrontSubgraphs();
const compileStarted = performance.now();
const variables = { first: 5 };
const both = compileBothWays(STOREFRONT, contextOf(storefrontSupergraph()), variables);
if (both === undefined) throw new Error('the variables do not fit');
const { program } = both;
if ('unsupported' in program) throw new Error(program.unsupported);
if (process.argv.includes('--code')) console.log(program.source);
const compileMs = performance.now() - compileStarted;
const operation = createOperationContext();
const expected = await answerByObjects({ ...both, operation, call: subgraphs.call });

const indented = process.argv.includes('--indented');
const answers = new Map(
  [...subgraphs.answers].map(([body, answer]) => [
    body,
    indented ? Buffer.from(JSON.stringify(JSON.parse(answer.toString()), undefined, 2)) : answer,
  ]),
);
const answerTo = (body: string): Buffer => {
  const answer = answers.get(body);
  if (answer === undefined) throw new Error(`never asked before: ${body}`);
  return answer;
};
const callBytes: CallBytes = ({ bodyBytes }, done) => {
  const bytes = answerTo(bodyBytes);
  done({ reply: { status: 200, cacheControl: undefined, bytes, start: 0, end: bytes.length } });
};
const callTexts: CallSubgraph = async ({ body }) => ({
  status: 200,
  cacheControl: undefined,
  text: answerTo(body).toString('utf8'),
});
const isTrue = () => true;

const ways: Readonly<Record<string, () => Promise<string | undefined>>> = {
  async bytes() {
    const outcome = await runProgram(program, { variables, isTrue, context: operation, call: callBytes });
    if (outcome.kind === 'left') throw new Error('left to objects');
    const text = checking ? outcome.bytes.toString() : undefined;
    outcome.release();
    return text;
  },
  objects: () => answerByObjects({ ...both, operation, call: callTexts }),
  async floor() {
    for (const answer of answers.values()) JSON.parse(answer.toString('utf8'));
    return undefined;
  },
};
let checking = true;
for (const [name, way] of Object.entries(ways)) {
  const text = await way();
  if (name !== 'floor' && text !== expected) throw new Error(`${name} answers otherwise`);
}
checking = false;

const results: Record<string, number[]> = { bytes: [], objects: [], floor: [] };
for (let round = 0; round <= ROUNDS; round += 1) {
  for (const [name, way] of Object.entries(ways)) {
    const before = process.cpuUsage();
    for (let index = 0; index < operations; index += 1) await way();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) results[name]?.push((user + system) / 1_000 / operations); // the first round warms up
  }
}
const median = (values: readonly number[] = []) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const [bytes, objects, floor] = [median(results.bytes), median(results.objects), median(results.floor)];
const received = [...answers.values()].reduce((sum, { length }) => sum + length, 0);
console.log(
  `storefront: ${answers.size} requests, ${received} bytes in, ${expected.length} out; plan and program made in ${compileMs.toFixed(1)} ms\n` +
    `CPU ms an operation: bytes ${bytes.toFixed(3)}, objects ${objects.toFixed(3)} (${(objects / bytes).toFixed(2)}x), ` +
    `JSON.parse alone ${floor.toFixed(3)} (${(floor / bytes).toFixed(2)}x)`,
);
