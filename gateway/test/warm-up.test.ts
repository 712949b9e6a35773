import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type OtlpReceiver, startOtlpReceiver, waitFor } from '@weft/testing';
import { type AskOptions, closeShops, openShop, type Shop } from './shop.ts';

let receiver: OtlpReceiver;
let shop: Shop;
let sdl: string;
beforeAll(async () => {
  receiver = await startOtlpReceiver();
  shop = await openShop({ engine: 'weft', telemetry: { otlpUrl: receiver.url, logLevel: 'silent' } });
  sdl = await readFile(shop.supergraphFile, 'utf8');
});
afterAll(async () => {
  await closeShops();
  await receiver.stop();
});

let swaps = 0;
async function swap(change: (sdl: string) => string = (text) => text): Promise<void> {
  const before = shop.gateway.supergraph;
  await writeFile(shop.supergraphFile, change(sdl.replace('type Query', `"""Version ${++swaps}"""\ntype Query`)));
  await shop.gateway.reload();
  expect(shop.gateway.supergraph).not.toBe(before);
}

let traces = 0;
/** Whether the plan was there: hit or miss. */
async function plan(query: string, options: AskOptions = {}): Promise<unknown> {
  const traceId = (++traces).toString(16).padStart(32, '0');
  const { json } = await shop.ask(query, {
    ...options,
    headers: { traceparent: `00-${traceId}-${'1'.repeat(16)}-01` },
  });
  expect(json.errors).toBeUndefined();
  const found = () => receiver.spans().find((span) => span.traceId === traceId && span.name === 'gateway.plan');
  return (await waitFor(found, { what: 'the span of the plan' })).attributes['weft.cache'];
}

const SHELF = '{ products { id ... on Book { rating } } }';
const DETAIL = 'query ($more: Boolean!) { latest { body book { name @include(if: $more) } } }';
const RATING = '{ product(id: "1") { ... on Book { rating } } }';

test('operations in use are planned before a swap, so the first one after it finds its plan', async () => {
  expect(await plan(SHELF)).toBe('miss');
  expect(await plan(SHELF)).toBe('hit');
  for (const more of [true, false]) await plan(DETAIL, { variables: { more } });
  await swap();
  expect(await plan(SHELF)).toBe('hit');
  for (const more of [true, false]) expect(await plan(DETAIL, { variables: { more } })).toBe('hit');
  expect(await plan('{ latest { body } }')).toBe('miss');
});

test('an operation that does not fit the next supergraph does not keep it from serving', async () => {
  await plan(RATING);
  await swap((text) => text.replace(/\n\s*rating: Float[^\n]*/g, ''));
  expect((await shop.ask(RATING)).status).toBe(400);
  expect(await plan('{ latest { body } }')).toBe('hit');
});
