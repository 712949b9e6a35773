import { afterAll, afterEach, expect, test } from '@jest/globals';
import { environment } from '@weft/config';
import { closeShops, openShop } from './shop.ts';

/** Where the package is told to look for its native code. */
const LIBRARY = 'NAPI_RS_NATIVE_LIBRARY_PATH';

afterEach(() => {
  delete environment()[LIBRARY];
});
afterAll(closeShops);

const NATIVE = { engine: 'weft', planning: { planner: 'native' } } as const;

test('operations are planned by the native planner, in a process of its own', async () => {
  const { ask, products, reviews } = await openShop(NATIVE);
  const { json } = await ask('{ latest { stars book { name rating pages } } }');
  expect(json).toEqual({
    data: {
      latest: [
        { stars: 1, book: { name: 'Loom', rating: 1.5, pages: 96 } },
        { stars: 3, book: { name: 'Weft', rating: 3.5, pages: 320 } },
      ],
    },
  });
  expect([products.asked.length, reviews.asked.length]).toEqual([1, 1]);
  expect((await ask('{ nothing }')).json.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('a machine that it was not built for is told at the start', async () => {
  environment()[LIBRARY] = '/nowhere/to/be/found.node';
  await expect(openShop(NATIVE)).rejects.toThrow(
    /planning\.planner: native: there is no @graphql-hive\/router-query-planner for this machine .* Say planning\.planner: apollo\./,
  );
});
