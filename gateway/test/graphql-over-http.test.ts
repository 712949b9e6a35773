import { afterAll, expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { closeShops, openShop } from './shop.ts';

afterAll(closeShops);

test("all of graphql-http's server audit is passed", async () => {
  const { url } = await openShop();
  const results = await auditServer({ url });
  const failed = results.filter(({ status }) => status !== 'ok').map(({ id, name }) => `${id} ${name}`);
  expect([results.length, failed]).toEqual([61, []]);
});
