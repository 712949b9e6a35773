import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import { type OtlpReceiver, startOtlpReceiver, testFleet, waitFor } from '@weft/testing';
import { type Fleet, idOf, migrate, newestReviewsByProduct, open, productById } from './shop.ts';

let fleet: Fleet;
let receiver: OtlpReceiver;

beforeAll(async () => {
  [fleet, receiver] = await Promise.all([testFleet({ name: 'database-telemetry', shards: 2 }), startOtlpReceiver()]);
  await migrate(fleet);
});
afterAll(async () => {
  await fleet?.stop();
  await receiver?.stop();
});

test('a batch is one span with a statement of each shard below it, linked to every span that asked; metrics count them', async () => {
  const telemetry = createTelemetry({ service: 'shop', otlpUrl: receiver.url, logLevel: 'silent' });
  const { database } = open(fleet, { telemetry });
  const session = await telemetry.span('subgraph.operation', {}, async () => {
    const begun = database.begin();
    const ask = (name: string, id: string): Promise<unknown> =>
      telemetry.span(name, {}, () => begun.load(productById, id));
    await Promise.all([ask('first asker', idOf(1, 1)), ask('second asker', idOf(1_000, 1))]);
    await begun.top(newestReviewsByProduct, { parent: idOf(1, 1), first: 3 });
    return begun;
  });
  await session.write({
    at: { bucket: 1 },
    name: 'addSku',
    statement: (db) => db.insertInto('shop.sku_lookup').values({ sku: 'a', product_id: '1' }).returning('sku'),
  });
  await telemetry.stop();
  await waitFor(() => receiver.spans().length >= 9, { what: 'the spans' });
  const named = (name: string) => receiver.spans().filter((span) => span.name === name);

  const [operation] = named('subgraph.operation');
  const [first, second] = [...named('first asker'), ...named('second asker')];
  const batch = named('subgraph.batch').find(({ attributes }) => attributes['weft.loader'] === 'productById');
  expect(batch).toMatchObject({ parentSpanId: operation?.spanId, attributes: { 'weft.batch.keys': 2 } });
  expect(batch?.links.map(({ spanId }) => spanId)).toEqual([first?.spanId, second?.spanId]);
  const top = named('subgraph.batch').find(({ attributes }) => attributes['weft.loader'] === 'newestReviewsByProduct');
  expect(top).toMatchObject({ parentSpanId: operation?.spanId, links: [] });

  const statements = named('database.statement').filter(({ parentSpanId }) => parentSpanId === batch?.spanId);
  expect(
    statements
      .map(({ attributes }) => [attributes['weft.shard'], attributes['weft.server'], attributes['weft.rows']])
      .sort(),
  ).toEqual([
    ['shard-1', 'primary', 0],
    ['shard-2', 'primary', 0],
  ]);
  expect(statements[0]?.attributes['db.query.text']).toContain('= any($1::bigint[])');
  expect(named('database.write')).toMatchObject([{ attributes: { 'weft.loader': 'addSku', 'weft.shard': 'shard-1' } }]);

  const metrics = await telemetry.metricsText();
  expect(metrics).toContain('database_statements_total{shard="shard-1",server="primary",loader="productById"} 1');
  expect(metrics).toContain('subgraph_batch_keys_sum{loader="productById"} 2');
  await waitFor(async () => (await telemetry.metricsText()).includes('database_shard_up{shard="shard-2"} 1'), {
    what: 'the gauge of the shard',
  });
  await database.stop();
});

test('a statement for several requests is a part of the first batch and linked to the batches of the others', async () => {
  receiver.clear();
  const telemetry = createTelemetry({ service: 'shop', otlpUrl: receiver.url, logLevel: 'silent' });
  const { database } = open(fleet, { telemetry });
  await database.check();
  const REQUESTS = 5;
  await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) =>
      telemetry.span('subgraph.operation', {}, () => database.begin().load(productById, idOf(1, n))),
    ),
  );
  await telemetry.stop();
  const batches = () => receiver.spans().filter(({ name }) => name === 'subgraph.batch');
  await waitFor(() => batches().length === REQUESTS, { what: 'the batches' });
  const statements = receiver
    .spans()
    .filter(({ name, attributes }) => name === 'database.statement' && attributes['weft.loader'] === 'productById');
  // Two are sent at once; the others share the third.
  expect(statements.map(({ links }) => links.length).sort()).toEqual([0, 0, REQUESTS - 3]);
  const asked = statements.flatMap(({ parentSpanId, links }) => [parentSpanId, ...links.map(({ spanId }) => spanId)]);
  expect(asked.sort()).toEqual(
    batches()
      .map(({ spanId }) => spanId)
      .sort(),
  );
  await database.stop();
});
