import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver, waitFor } from '@weft/testing';
import { addCategoryOnOneShard, replicasCaughtUp } from './one-shard.ts';
import { type RunningGraph, startGraph } from './running-graph.ts';
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
  for (const [index, asked] of ASKED.entries())
    await addCategoryOnOneShard(running, { slug: `one-shard-${asked}`, number: index + 1, products: asked + 1 });
  await waitFor(() => replicasCaughtUp(running), { what: 'the replicas to catch up' });
}, 180_000);

afterAll(async () => {
  await running?.stop();
  await receiver?.stop();
});

const ASKED = [1, 10, 50] as const;
/** Of the storefront, when the caller and their orders are in the caches: see the account in docs/architecture.md. */
const STATEMENTS_FOR_ONE_SHARD = 8;

let traces = 0;
/** Sends the storefront as ada inside a trace of our own, and gives all spans of it. */
async function traced(variables: Record<string, unknown>): Promise<{ spans: readonly ReceivedSpan[]; root: string }> {
  traces += 1;
  const traceId = traces.toString(16).padStart(32, 'a');
  const root = traces.toString(16).padStart(16, 'b');
  const { body } = await running.ask(storefront, {
    variables,
    token: ada,
    headers: { traceparent: `00-${traceId}-${root}-01` },
  });
  expect(body.errors).toBeUndefined();
  return { spans: await wholeTrace(receiver, traceId, root), root };
}

test('the storefront costs the same number of statements for 1, 10 and 50 products', async () => {
  await traced({ category: 'garden-tools', first: 1 }); // the caller's own rows and the categories are cached after this
  const counts: number[] = [];
  for (const asked of ASKED) {
    const { spans } = await traced({ category: `one-shard-${asked}`, first: asked });
    counts.push(spans.filter(({ name }) => name === 'database.statement').length);
  }
  expect(counts).toEqual(ASKED.map(() => STATEMENTS_FOR_ONE_SHARD));
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
