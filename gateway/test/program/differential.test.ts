import { expect, test } from '@jest/globals';
import { isGraphError } from '@weft/errors';
import fc from 'fast-check';
import { layOut, type Position } from '../../src/execution/program/layout.ts';
import type { CallSubgraph } from '../../src/subgraph-call.ts';
import { drawOperation } from '../oracle/draw-operation.ts';
import { drawWorld } from '../oracle/draw-world.ts';
import { openGraph } from '../oracle/graph.ts';
import { createRandom } from '../oracle/random.ts';
import { byteSubgraphs } from './byte-subgraphs.ts';
import { type Damage, writeDamaged } from './damaged-json.ts';
import {
  answerByObjects,
  answerByProgram,
  type BothWays,
  compileBothWays,
  contextOf,
  createOperationContext,
  overTheWire,
  respelt,
} from './side-by-side.ts';

interface Case extends BothWays {
  readonly call: CallSubgraph;
  readonly text: string;
  /** Several steps bring the same field: when they disagree, the one that answers last may be right. */
  readonly contested: boolean;
}

const WORLDS = Number(process.env.PROGRAM_WORLDS ?? 6);
const PER_WORLD = 25;
const DAMAGED_RUNS = Number(process.env.PROGRAM_RUNS ?? 2_400);

/** Operations on generated graphs that a program can answer, and how many it leaves to objects. */
function drawCases(): { readonly cases: readonly Case[]; readonly unsupported: number } {
  const cases: Case[] = [];
  let unsupported = 0;
  for (let seed = 0, worlds = 0; worlds < WORLDS; seed += 1) {
    const graph = openGraph(drawWorld(seed));
    if (graph === undefined) continue;
    worlds += 1;
    const context = contextOf(graph.supergraphSdl);
    for (let number = 0; number < PER_WORLD; number += 1) {
      const operation = drawOperation(graph.schema, seed * 1_000 + number);
      if (operation === undefined) continue;
      const both = planned(() => compileBothWays(operation.text, context, operation.variables));
      if (both === undefined) continue;
      if ('unsupported' in both.program) unsupported += 1;
      else
        cases.push({
          ...both,
          call: overTheWire(graph.mocks.call),
          text: operation.text,
          contested: isContested(layOut(both.compiled.plan).root, new Set()),
        });
    }
  }
  return { cases, unsupported };
}

function isContested(position: Position, seen: Set<Position>): boolean {
  if (seen.has(position)) return false;
  seen.add(position);
  const holders = [position, ...position.links.map((link) => link.position)];
  const keys = holders.flatMap(({ fields }) => [...fields.keys()]).filter((key) => key !== '__typename');
  const below = holders.flatMap(({ fields }) => [...fields.values()].flatMap((field) => field.position ?? []));
  return new Set(keys).size < keys.length || below.some((inner) => isContested(inner, seen));
}

/** What no planner plans is not this test's affair. */
function planned<T>(compile: () => T): T | undefined {
  try {
    return compile();
  } catch (error) {
    if (isGraphError(error)) return undefined;
    throw error;
  }
}

const { cases, unsupported } = drawCases();

async function compare(one: Case, damage: Damage, seed: number): Promise<string> {
  const random = createRandom(seed);
  const base = createOperationContext();
  const subgraphs = byteSubgraphs(async (call) => {
    const { text } = await one.call({ ...call, context: base });
    return writeDamaged(JSON.parse(text), random, damage);
  });
  const byObjects = await answerByObjects({ ...one, ...subgraphs, operation: createOperationContext() });
  const asked = subgraphs.asked.splice(0);
  const byProgram = await answerByProgram({ ...one, ...subgraphs, operation: createOperationContext() });
  expect(respelt(byProgram.text)).toBe(respelt(byObjects));
  // the same requests, each once
  const bodies = (list: typeof asked) => list.map(({ body }) => JSON.stringify(JSON.parse(body))).sort();
  expect(bodies(subgraphs.asked)).toEqual(bodies(asked));
  return byProgram.how;
}

test('a program answers as the object executor does, over generated graphs', async () => {
  const how: Record<string, number> = {};
  for (const [index, one] of cases.entries()) {
    const by = await compare(one, { odd: 0, wrong: 0, broken: 0 }, index);
    how[by] = (how[by] ?? 0) + 1;
  }
  // most answers are written from bytes, or all of this would say nothing
  expect(how.bytes).toBeGreaterThan(cases.length * 0.7);
  expect(cases.length).toBeGreaterThan(unsupported);
});

test.each([
  ['odd', { odd: 0.1, wrong: 0, broken: 0 }],
  ['wrong', { odd: 0.02, wrong: 0.02, broken: 0 }],
  ['broken', { odd: 0.02, wrong: 0, broken: 0.5 }],
] as const)('%s answers of subgraphs mean the same to both', async (_name, damage) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(cases.length - 1), fc.nat(), async (index, seed) => {
      const one = cases[index];
      if (one !== undefined && (damage.wrong === 0 || !one.contested)) await compare(one, damage, seed);
    }),
    { numRuns: DAMAGED_RUNS / 3 },
  );
});
