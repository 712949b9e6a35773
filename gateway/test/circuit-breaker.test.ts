import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { closeShops, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ traffic: { timeout: '300ms', breakAfter: 3, breakFor: '500ms' } });
});
afterAll(closeShops);

test('a subgraph that hangs costs a few clients its timeout, then nobody; it is used again when it is back', async () => {
  const codeOf = async () => (await shop.ask('{ latest { id } }')).json.errors?.[0]?.extensions.code;
  shop.reviews.answer = () => undefined;
  expect([await codeOf(), await codeOf(), await codeOf()]).toEqual(Array(3).fill('SUBGRAPH_TIMEOUT'));
  shop.reviews.asked.length = 0;
  const began = performance.now();
  expect(await codeOf()).toBe('SUBGRAPH_CIRCUIT_OPEN');
  expect(performance.now() - began).toBeLessThan(250);
  expect(shop.reviews.asked).toEqual([]);
  expect((await shop.ask('{ products { id } }')).json.errors).toBeUndefined();
  shop.reviews.answer = undefined;
  await waitFor(async () => (await codeOf()) === undefined, {
    timeoutMs: 10_000,
    what: 'the subgraph to be used again',
  });
});
