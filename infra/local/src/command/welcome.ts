import { relative } from 'node:path';
import type { LocalGraph } from '../local-graph.ts';
import { createSeedPlan, productId } from '../seed/plan.ts';

/** What to open and three operations to paste. */
export async function welcome(graph: LocalGraph): Promise<string> {
  const { url, gatewayUrls, hasConsole } = graph;
  const within = relative(process.cwd(), graph.directory);
  const folder = within.startsWith('..') ? graph.directory : within || '.';
  const others = gatewayUrls.slice(1);
  const product = productId(createSeedPlan(graph.scale), 0);
  const lines = [
    '',
    `  GraphQL   ${url}${hasConsole ? '   (open it in a browser: GraphiQL, signed in as ada)' : ''}`,
    ...others.map((other) => `            ${other}`),
    `  Metrics   ${new URL('/metrics', url).href}`,
    `  Logs      ${folder}/logs`,
    '  Stop      Ctrl-C; the data stays, npm start -- --fresh begins anew',
    '',
    'Three operations to try. A token of ada, good for a day, then what anyone may see, what only she may, and an order:',
    '',
    `TOKEN=${await graph.token('ada')}`,
    '',
    curl(
      url,
      '{ searchProducts(category: "garden-tools", first: 3) { edges { node { name price inStock rating reviews(first: 1) { edges { node { title author { username } } } } } } } }',
    ),
    '',
    curl(
      url,
      '{ me { name orders(first: 2) { edges { node { id status total lines { quantity product { name } } } } } } }',
      true,
    ),
    '',
    curl(
      url,
      `mutation { placeOrder(input: { lines: [{ productId: "${product}", quantity: 1 }] }, idempotencyKey: "first") { id state } }`,
      true,
    ),
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function curl(url: string, query: string, asUser = false): string {
  const token = asUser ? ` -H "authorization: Bearer $TOKEN"` : '';
  return `curl -s ${url} -H 'content-type: application/json'${token} -d '${JSON.stringify({ query })}'`;
}
