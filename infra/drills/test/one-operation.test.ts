import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver, waitFor } from '@weft/testing';
import { type RunningGraph, startGraph } from '../src/running-graph.ts';
import { addCategory, replicasCaughtUp } from './placed-category.ts';
import { drawTrace, wholeTrace } from './spans.ts';

const STOREFRONT = new URL('../../../schema/operations/storefront.graphql', import.meta.url);

let running: RunningGraph;
let receiver: OtlpReceiver;
let storefront: string;
let ada: string;

beforeAll(async () => {
  receiver = await startOtlpReceiver();
  storefront = await readFile(STOREFRONT, 'utf8');
  running = await startGraph({ otlpUrl: receiver.url });
  ada = await running.graph.token('ada');
  let number = 0;
  for (const [shards, { asked, on }] of Object.entries(PLACED))
    for (const products of asked)
      await addCategory(running, {
        slug: `${shards}-${products}`,
        number: ++number,
        products: products + 3,
        shards: on,
      });
  await waitFor(() => replicasCaughtUp(running), { what: 'the replicas to catch up' });
  // The caller's own rows and the categories are cached after this.
  await running.ask(storefront, { variables: { category: 'garden-tools', first: 1 }, token: ada });
}, 180_000);

afterAll(async () => {
  await running?.stop();
  await receiver?.stop();
});

/**
 * Of the storefront, when the caller and their orders are in the caches: see the account in docs/architecture.md. Three
 * products are the fewest that lie on three shards.
 */
const PLACED = {
  'one-shard': { on: ['shard-1'], asked: [1, 10, 50], statements: 8 },
  'three-shards': { on: ['shard-1', 'shard-2', 'shard-3'], asked: [3, 10, 50], statements: 14 },
} as const;

interface Traced {
  readonly spans: readonly ReceivedSpan[];
  /** The span that the request came with. */
  readonly root: string;
  readonly body: unknown;
  readonly cacheControl: string | null;
}

let traces = 0;
/** Sends an operation, the storefront when none is given, as ada inside a trace of our own, and gives all spans of it. */
async function traced(variables: Record<string, unknown>, { query = storefront } = {}): Promise<Traced> {
  traces += 1;
  const traceId = traces.toString(16).padStart(32, 'a');
  const root = traces.toString(16).padStart(16, 'b');
  const { body, headers } = await running.ask(query, {
    variables,
    token: ada,
    headers: { traceparent: `00-${traceId}-${root}-01` },
  });
  expect(body.errors).toBeUndefined();
  const spans = await wholeTrace(receiver, traceId, root);
  return { spans, root, body, cacheControl: headers.get('cache-control') };
}

test.each(Object.entries(PLACED))(
  'on %s the storefront costs the same number of statements however many products are asked for',
  async (slug, { on, asked, statements }) => {
    for (const first of asked) {
      const { spans } = await traced({ category: `${slug}-${first}`, first });
      const found = spans.filter(({ name }) => name === 'database.statement');
      const stock = found.filter(({ attributes }) => attributes['weft.loader'] === 'stockByProduct');
      expect([first, found.length]).toEqual([first, statements]);
      expect(stock.map(({ attributes }) => attributes['weft.shard']).sort()).toEqual([...on]);
    }
  },
);

const ME = '{ me { id username name email } }';

test('an answer about the caller is kept for the caller, and nobody else gets it', async () => {
  const grace = await running.graph.token('grace');
  const [first, second] = [await traced({}, { query: ME }), await traced({}, { query: ME })];
  const fetches = (spans: readonly ReceivedSpan[]) =>
    spans.filter(({ name, attributes }) => name === 'gateway.fetch' && attributes['weft.subgraph']).length;
  expect([fetches(first.spans), fetches(second.spans)]).toEqual([1, 0]);
  expect([first.cacheControl, first.body]).toEqual(['private, max-age=30', second.body]);

  const tokens = { ada, grace };
  const asked = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'ada' : 'grace') as keyof typeof tokens);
  const answers = await Promise.all(asked.map((name) => running.ask(ME, { token: tokens[name] })));
  for (const [index, { body }] of answers.entries()) {
    const name = asked[index];
    expect(body).toMatchObject({ data: { me: { username: name, email: expect.stringContaining(`${name}`) } } });
  }
  expect((await running.ask(ME)).body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
});

test('what the caller writes is not hidden by what is kept of them for longer than the list of their reviews is', async () => {
  const own = '{ me { username reviews(first: 1) { edges { node { title } } } } }';
  expect((await running.ask(own, { token: ada })).headers.get('cache-control')).toBe('private, max-age=5');
});

test('one trace goes from the client over gateway, fetch, subgraph and batch to the statement on its shard', async () => {
  const { spans, root } = await traced({ category: 'power-tools', first: 5 });
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const ancestry = (span: ReceivedSpan | undefined): string[] =>
    span === undefined ? [] : [...ancestry(byId.get(span.parentSpanId ?? '')), span.name];

  const statement = spans.find(
    ({ name, attributes }) => name === 'database.statement' && attributes['weft.loader'] === 'ratingByProduct',
  );
  process.stdout.write(`${drawTrace(spans, root)}\n`);
  expect(ancestry(statement)).toEqual([
    'gateway.operation',
    'gateway.fetch',
    'subgraph.operation',
    'subgraph.batch',
    'database.statement',
  ]);
  const operation = spans.find(({ name }) => name === 'gateway.operation');
  expect(operation?.parentSpanId).toBe(root);
  const plan = spans.find(({ name }) => name === 'gateway.plan');
  expect(plan?.parentSpanId).toBe(operation?.spanId);

  const services = (name: string) => new Set(spans.filter((span) => span.name === name).map(({ service }) => service));
  expect(services('gateway.fetch')).toEqual(new Set(['gateway']));
  expect(services('subgraph.operation')).toEqual(new Set(['accounts', 'products', 'inventory', 'reviews', 'orders']));

  // Products are asked for by their references and by the lines of orders; the two fields of a rating share a batch.
  const rating = spans.find(
    ({ name, attributes }) => name === 'subgraph.batch' && attributes['weft.loader'] === 'ratingByProduct',
  );
  const askers = rating?.links.map(({ spanId }) => byId.get(spanId)?.attributes['weft.field']);
  expect(askers?.sort()).toEqual(['Product.rating', 'Product.reviewCount']);
  for (const batch of spans.filter(({ name }) => name === 'subgraph.batch')) {
    expect(batch.links.length).toBeGreaterThan(0);
    for (const link of batch.links) expect(byId.get(link.spanId)?.name).toBe('subgraph.field');
  }
  const shards = new Set(
    spans.filter(({ name }) => name === 'database.statement').map(({ attributes }) => attributes['weft.shard']),
  );
  expect([...shards].sort()).toEqual(['shard-1', 'shard-2', 'shard-3']);
  const servers = spans
    .filter(({ name }) => name === 'database.statement')
    .map(({ attributes }) => attributes['weft.server']);
  expect(new Set(servers)).toEqual(new Set(['replica']));
});

// Last: what is read of an order that was just placed comes from the primary.
test('the relay and the job that a mutation set off link to its trace, and what the job sends is in the trace of the job', async () => {
  const query = await readFile(new URL('../../../schema/operations/place-order.graphql', import.meta.url), 'utf8');
  const { spans } = await traced({}, { query });
  const trace = spans[0]?.traceId;
  const linked = (name: string) =>
    receiver.spans().find((span) => span.name === name && span.links.some(({ traceId }) => traceId === trace));
  const taken = () =>
    receiver.spans().find(({ name, traceId }) => name === 'subgraph.event' && traceId === linked('queue.job')?.traceId);
  await waitFor(() => linked('queue.relay') !== undefined && taken() !== undefined, {
    what: 'the spans of the worker and of the subgraph that it sends to',
    timeoutMs: 30_000,
  });

  expect(taken()).toMatchObject({ service: 'inventory', attributes: { 'weft.topic': 'reserve-stock' } });
});
