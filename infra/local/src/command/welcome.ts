import { relative } from 'node:path';
import type { LocalGraph } from '../local-graph.ts';
import { createSeedPlan, productId } from '../seed/plan.ts';

/** What to open and three operations to paste. */
export async function welcome(graph: LocalGraph): Promise<string> {
  const { url, gatewayUrls, children, hasConsole, hasDemoUsers } = graph;
  const within = relative(process.cwd(), graph.directory);
  const folder = within.startsWith('..') ? graph.directory : within || '.';
  const alone = gatewayUrls.filter((gateway) => gateway !== url);
  // of every gateway alone: an address that they share would give the counts of one, then of another
  const metrics = children
    .filter(({ kind }) => kind === 'gateway')
    .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))
    .map(({ metricsUrl }) => `${metricsUrl}/metrics`);
  const lines = [
    '',
    `  GraphQL   ${url}${hasConsole ? `   (open it in a browser: GraphiQL${hasDemoUsers ? ', signed in as ada' : ''})` : ''}`,
    ...alone.map((gateway, index) => `  ${index === 0 ? 'Gateways' : '        '}  ${gateway}`),
    ...metrics.map((address, index) => `  ${index === 0 ? 'Metrics ' : '        '}  ${address}`),
    `  Logs      ${folder}/logs`,
    '  Stop      Ctrl-C; the data stays, npm start -- --fresh begins anew',
    '',
    ...(hasDemoUsers ? await asAda(graph) : asAnybody(graph)),
  ];
  return `${lines.join('\n')}\n`;
}

const SEARCH =
  '{ searchProducts(category: "garden-tools", first: 3) { edges { node { name price inStock rating reviews(first: 1) { edges { node { title author { username } } } } } } } }';
const OWN_ORDERS =
  '{ me { name orders(first: 2) { edges { node { id status total lines { quantity product { name } } } } } } }';

async function asAda({ url, scale, token }: LocalGraph): Promise<string[]> {
  const product = productId(createSeedPlan(scale), 0);
  const order = `mutation { placeOrder(input: { lines: [{ productId: "${product}", quantity: 1 }] }, idempotencyKey: "first") { id state } }`;
  return [
    'Three operations to try. A token of ada, good for a day, then what anyone may see, what only she may, and an order:',
    '',
    `TOKEN=${await token('ada')}`,
    ...[curl(url, SEARCH), curl(url, OWN_ORDERS, true), curl(url, order, true)].flatMap((line) => ['', line]),
    '',
  ];
}

function asAnybody({ url, accepted }: LocalGraph): string[] {
  const tokens =
    accepted === undefined
      ? 'No token is accepted: name your issuer with --jwks FILE --issuer TEXT --audience TEXT, or let the demo users in with --demo-issuer.'
      : `Tokens are accepted that ${accepted.issuer} signed for ${accepted.audience}, by the keys in ${accepted.jwksFile}.`;
  return [tokens, 'An operation that anyone may ask:', '', curl(url, SEARCH), ''];
}

function curl(url: string, query: string, asUser = false): string {
  const token = asUser ? ` -H "authorization: Bearer $TOKEN"` : '';
  return `curl -s ${url} -H 'content-type: application/json'${token} -d '${JSON.stringify({ query })}'`;
}
