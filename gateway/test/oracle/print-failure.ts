import type { Failure } from './run.ts';

/** A failing case whole: what is needed to see it again, by hand or by its seed. */
export function printFailure({ graph, operation, verdict, engine }: Failure): string {
  const { world, subgraphs } = graph;
  const fields = subgraphs.map(({ name, typeDefs }) => `# ${name}\n${typeDefs}`);
  const traces = verdict.traces.map(({ subgraph, body, reply }) => `-> ${subgraph} ${body}\n   ${reply}`);
  return [
    `== ${verdict.kind}: engine ${engine.name}, graph ${world.seed}: ${verdict.difference}`,
    operation.text,
    `variables ${JSON.stringify(operation.variables)}`,
    `expected ${JSON.stringify(verdict.expected)}`,
    `got      ${JSON.stringify(verdict.got)}`,
    ...traces,
    ...fields,
  ].join('\n');
}
