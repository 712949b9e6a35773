import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver, waitFor } from '@weft/testing';
import { closeShops, openShop, type Shop } from './shop.ts';

let receiver: OtlpReceiver;
let shop: Shop;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  shop = await openShop({ telemetry: { otlpUrl: receiver.url, logLevel: 'silent' } });
});
beforeEach(() => {
  receiver.clear();
  shop.products.asked.length = 0;
  shop.reviews.asked.length = 0;
});
afterAll(async () => {
  await closeShops();
  await receiver.stop();
});

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CLIENT = 'b7ad6b7169203331';
const QUERY = 'query Shelf { product(id: "1") { name ... on Book { rating } } }';

async function traced(query: string, traceId: string, spans: number) {
  const { json } = await shop.ask(query, { headers: { traceparent: `00-${traceId}-${CLIENT}-01` } });
  const ofTrace = () => receiver.spans().filter((span) => span.traceId === traceId);
  await waitFor(() => ofTrace().length >= spans, { timeoutMs: 10_000, what: `${spans} spans` });
  return { json, spans: ofTrace() };
}

test('plan and every fetch are children of the operation, which is a child of the client, and go on to the subgraph', async () => {
  const { spans } = await traced(QUERY, TRACE, 4);
  const named = (name: string) => spans.filter((span) => span.name === name);
  expect(spans.map(({ name }) => name).sort()).toEqual([
    'gateway.fetch',
    'gateway.fetch',
    'gateway.operation',
    'gateway.plan',
  ]);
  const [operation] = named('gateway.operation');
  expect(operation).toMatchObject({
    parentSpanId: CLIENT,
    attributes: {
      'graphql.operation.name': 'Shelf',
      'graphql.operation.type': 'query',
      'http.response.status_code': 200,
    },
  });
  const [plan] = named('gateway.plan');
  expect(plan).toMatchObject({ parentSpanId: operation?.spanId, attributes: { 'weft.cache': 'miss' } });
  const fetches = named('gateway.fetch');
  expect(fetches.map(({ parentSpanId }) => parentSpanId)).toEqual([operation?.spanId, operation?.spanId]);
  const sent = [shop.products, shop.reviews].map(({ asked }) => asked[0]?.headers.traceparent);
  const bySubgraph = ['products', 'reviews'].map((name) =>
    fetches.find(({ attributes }) => attributes['weft.subgraph'] === name),
  );
  expect(sent).toEqual(bySubgraph.map((span) => `00-${TRACE}-${span?.spanId}-01`));
  expect(bySubgraph.map((span) => span?.attributes['weft.fetch.path'])).toEqual(['', 'product']);
  // planning is over before the first fetch begins, and takes time of its own
  expect(plan?.endMs).toBeLessThanOrEqual(Math.min(...fetches.map(({ startMs }) => startMs)));
  expect((plan?.endMs ?? 0) - (plan?.startMs ?? 0)).toBeGreaterThan(0.2);
});

test('a plan that is known is a span too, and a fetch that failed is marked', async () => {
  const id = TRACE.replace('0a', '0b');
  shop.reviews.answer = (request) => void request.socket.destroy();
  const { spans } = await traced(QUERY, id, 4);
  shop.reviews.answer = undefined;
  expect(spans.find(({ name }) => name === 'gateway.plan')?.attributes['weft.cache']).toBe('hit');
  expect(spans.filter(({ isError }) => isError).map(({ attributes }) => attributes['weft.subgraph'])).toEqual([
    'reviews',
  ]);
});

test('operations and fetches are counted, under names that clients cannot make up', async () => {
  await shop.ask('query Counted { products { id } }', { headers: { 'graphql-client-name': 'web' } });
  await shop.ask('query Invented { nothing }');
  const metrics = await (await fetch(new URL('/metrics', shop.url))).text();
  const text = metrics
    .split('\n')
    .filter((line) => line.startsWith('gateway_'))
    .join('\n');
  // neither name has earned a label yet
  expect(text).toMatch(/gateway_requests_total\{operation="other",status="200",client="other"\} 1/);
  expect(text).not.toContain('Invented');
  expect(text).toMatch(
    /gateway_errors_total\{code="GRAPHQL_VALIDATION_FAILED",subgraph="none",operation="anonymous"\} 1/,
  );
  expect(text).toMatch(/gateway_fetches_total\{subgraph="products",outcome="ok"\} \d/);
  expect(text).toMatch(/gateway_fetches_total\{subgraph="reviews",outcome="SUBREQUEST_HTTP_ERROR"\} \d/);
  expect(text).toMatch(/gateway_requests_in_flight 0/);
});
