import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import type { ExecutionResult } from 'graphql';
import { graphOver, type LocalGraph } from '../local-graph.ts';
import { answer, mockSubgraphs } from '../mock-subgraphs.ts';
import { drawOperation } from '../oracle/draw-operation.ts';

const ROOT = new URL('../../../', import.meta.url);
const OPERATIONS = new URL('schema/operations/', ROOT);
const SUBGRAPHS = ['accounts', 'inventory', 'orders', 'products', 'reviews'];
/** Operations that are drawn beside those of the repository. */
const DRAWN = 200;

const read = (path: string, base = ROOT): string => readFileSync(new URL(path, base), 'utf8');

let graph: LocalGraph;
beforeAll(async () => {
  const typeDefs = new Map(SUBGRAPHS.map((name) => [name, read(`subgraphs/${name}/schema.graphql`)]));
  graph = await graphOver(read('schema/supergraph.graphql'), mockSubgraphs(typeDefs));
});

interface Asked {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The answer, and that of one server with the whole graph; undefined when the variables are none. */
async function compare({ text, variables }: Asked) {
  const expected = await answer(graph.engines.weft.schema, text, variables);
  if (expected.data === undefined) return undefined;
  const ours = await graph.ask('weft', text, { variables: { ...variables } });
  return { expected: told(expected), ours: told(ours) };
}

/** Data as text, so that the order of fields counts. */
function told({ data, errors = [] }: ExecutionResult) {
  return { data: JSON.stringify(data), failed: errors.length > 0 };
}

for (const file of readdirSync(OPERATIONS)) {
  test(`the operation of ${file} is answered as by one server, and as by the stock engine`, async () => {
    const text = read(file, OPERATIONS);
    const variables = Object.fromEntries((text.match(/\$\w+(?=: ID!)/g) ?? []).map((name) => [name.slice(1), '7']));
    const compared = await compare({ text, variables });
    expect(compared?.ours).toEqual(compared?.expected);
    const stock = await graph.ask('apollo', text, { variables });
    expect(told(stock).data).toBe(compared?.expected.data);
  });
}

test(`${DRAWN} drawn operations are answered as by one server`, async () => {
  const { schema } = graph.engines.weft;
  for (let seed = 1; seed <= DRAWN; seed++) {
    const operation = drawOperation(schema, seed);
    if (operation === undefined) continue;
    const compared = await compare(operation);
    expect({ operation, ...compared?.ours }).toEqual({ operation, ...compared?.expected });
  }
});
