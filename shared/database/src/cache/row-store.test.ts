import { expect, test } from '@jest/globals';
import { createCache } from '@weft/cache';
import { createTelemetry } from '@weft/telemetry';
import { byId, defineRowLoader } from '../index.ts';
import type { RowLoader } from '../loaders.ts';
import { createFreshTags } from './fresh-tags.ts';
import { createRowStore, type RowStore } from './row-store.ts';

interface Tables {
  'shop.product': { id: string; name: string };
}
const productById = defineRowLoader<Tables>()({
  name: 'productById',
  route: byId,
  statement: (db, keys) => db.selectFrom('shop.product').selectAll().where('id', '=', keys.any()),
  keyOf: ({ id }) => id,
  cache: { tag: 'Product', ttlMs: 60_000 },
}) as unknown as RowLoader<unknown, unknown>;

const telemetry = createTelemetry({ service: 'shop', logLevel: 'silent' });

async function createStore(): Promise<RowStore> {
  const store = createRowStore(
    'shop',
    createCache({ name: 'shop', maxBytes: 100_000, telemetry }),
    createFreshTags({ forMs: 1_000 }),
  );
  await store.hears('shard-1');
  return store;
}
const takeTicket = (store: RowStore, keys: readonly string[]) => {
  const ticket = store.ticket(productById, 'shard-1', keys);
  if (ticket === undefined) throw new Error('no ticket');
  return ticket;
};
const rows = (...ids: string[]): Map<string, unknown> => new Map(ids.map((id) => [id, { id }]));

test('what was read is stored, also that there was nothing', async () => {
  const store = await createStore();
  store.fill(takeTicket(store, ['1', '2']), rows('1'));
  expect(await store.read(productById, ['1', '2', '3'])).toEqual(['{"id":"1"}', 'null', undefined]);
});

test('a row that was invalidated while it was read is not stored; the others of its batch are', async () => {
  const store = await createStore();
  const ticket = takeTicket(store, ['1', '2']);
  await store.invalidate(['Product:1']);
  store.fill(ticket, rows('1', '2'));
  expect(await store.read(productById, ['1', '2'])).toEqual([undefined, '{"id":"2"}']);
});

test('an invalidation drops the row and makes its key fresh, and no other', async () => {
  const store = await createStore();
  store.fill(takeTicket(store, ['1', '2']), rows('1', '2'));
  expect(store.isFresh('Product', ['1', '2'])).toBe(false);
  await store.invalidate(['Product:1', 'Other:2', 'nonsense']);
  expect(await store.read(productById, ['1', '2'])).toEqual([undefined, '{"id":"2"}']);
  expect([
    store.isFresh('Product', ['2', '1']),
    store.isFresh('Product', ['2']),
    store.isFresh(undefined, ['1']),
  ]).toEqual([true, false, false]);
});

test('a key that is fresh is not taken from the second level, where a process that has not heard yet may have put the old row', async () => {
  const cache = createCache({ name: 'shop', maxBytes: 100_000, telemetry });
  const asked: string[] = [];
  const watched = {
    ...cache,
    getMany(keys: readonly string[]) {
      asked.push(...keys.map((key) => key.split(':').at(-1) ?? ''));
      return cache.getMany(keys);
    },
  };
  const store = createRowStore('shop', watched, createFreshTags({ forMs: 1_000 }));
  await store.hears('shard-1');
  await store.invalidate(['Product:2']);
  store.fill(takeTicket(store, ['1', '2', '3']), rows('1', '2', '3'));
  expect(await store.read(productById, ['1', '2', '3'])).toEqual(['{"id":"1"}', '{"id":"2"}', '{"id":"3"}']);
  expect(asked).toEqual(['1', '3']);
});

test('while a shard is not heard nothing of it is used or stored, and after that nothing from before', async () => {
  const store = await createStore();
  store.fill(takeTicket(store, ['1']), rows('1'));
  const before = takeTicket(store, ['2']);
  store.deaf('shard-1');
  expect([store.isUsable(productById, 'shard-1'), store.ticket(productById, 'shard-1', ['1'])]).toEqual([
    false,
    undefined,
  ]);
  await store.hears('shard-1');
  store.fill(before, rows('2'));
  expect(await store.read(productById, ['1', '2'])).toEqual([undefined, undefined]);
  expect(store.isUsable(productById, 'shard-1')).toBe(true);
  expect(store.isFresh('Product', ['77'])).toBe(true);
});

test('a tag is fresh for its time and then forgotten', () => {
  let now = 1_000;
  const fresh = createFreshTags({ forMs: 100, clock: () => now });
  fresh.mark(['a', 'b']);
  now += 60;
  fresh.mark(['a']);
  now += 60;
  expect([fresh.has('a'), fresh.has('b'), fresh.isEmpty]).toEqual([true, false, false]);
  now += 60;
  expect([fresh.has('a'), fresh.isEmpty]).toEqual([false, true]);
  fresh.markAll();
  expect([fresh.has('anything'), fresh.isEmpty]).toEqual([true, false]);
});
