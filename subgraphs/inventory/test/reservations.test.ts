import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { composeId } from '@weft/ids';
import { createRequestSigner, createRequestVerifier, INTERNAL_HEADERS, readBody } from '@weft/service';
import { type RunningWorker, type SubgraphOnFleet, startOnFleet, startWorker } from '@weft/subgraph';
import { testFleet, waitFor } from '@weft/testing';
import { type InventoryTables, subgraph } from '../src/index.ts';

let fleet: Awaited<ReturnType<typeof testFleet>>;
let running: SubgraphOnFleet<InventoryTables>;
let worker: RunningWorker | undefined;
let orders: Server | undefined;

beforeAll(async () => {
  fleet = await testFleet({ name: 'reservations', shards: 3 });
  running = await startOnFleet(subgraph, fleet);
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
  orders?.closeAllConnections();
  orders?.close();
});
afterAll(async () => {
  await running?.stop();
  await fleet?.stop();
});

let made = 0;
/** Buckets 0, 400 and 800 lie on the three shards. */
function newId(bucket: number): string {
  made += 1;
  return composeId({ ms: made, bucket, sequence: 0 });
}

/** A product with so many pieces in each of as many warehouses. */
async function newProduct(bucket: number, ...quantities: readonly number[]): Promise<string> {
  const id = newId(bucket);
  for (const [warehouse, quantity] of quantities.entries()) {
    await onShardOf(id, 'insert into inventory.stock values ($1, $2, $3)', [id, warehouse + 1, quantity]);
  }
  return id;
}

const onShardOf = <Row>(id: string, sql: string, parameters: readonly unknown[]) =>
  running.database.query<Row>(running.database.shardOf({ id }), sql, parameters);

async function stockOf(id: string): Promise<number[]> {
  const rows = await onShardOf<{ quantity: number }>(
    id,
    'select quantity from inventory.stock where product_id = $1 order by warehouse_id',
    [id],
  );
  return rows.map(({ quantity }) => quantity);
}

/** What was answered about an order, and takes the answers out. */
async function answersOf(orderId: string): Promise<Record<string, boolean>> {
  const rows = await Promise.all(
    running.database.shards.map((shard) =>
      running.database.query<{ product: string; reserved: boolean }>(
        shard,
        `delete from inventory.outbox where payload->>'orderId' = $1
         returning payload->>'productId' as product, (payload->>'reserved')::boolean as reserved`,
        [orderId],
      ),
    ),
  );
  return Object.fromEntries(rows.flat().map(({ product, reserved }) => [product, reserved]));
}

type Line = readonly [productId: string, quantity: number];

async function send(topic: string, orderId: string, lines: readonly Line[]): Promise<number> {
  const payload = { orderId, jobId: orderId, lines: lines.map(([productId, quantity]) => ({ productId, quantity })) };
  const body = JSON.stringify({ id: orderId, topic, payload });
  const signature = createRequestSigner([running.secret]).sign({
    audience: 'inventory',
    method: 'POST',
    path: '/events',
    body,
  });
  const url = running.url.replace('/graphql', '/events');
  const { status } = await fetch(url, { method: 'POST', body, headers: { [INTERNAL_HEADERS.signature]: signature } });
  return status;
}

/** As a sender does: a busy database is asked again. */
async function untilTaken(work: () => Promise<number>): Promise<void> {
  await waitFor(async () => (await work()) === 200, { what: 'the event to be taken' });
}

const reserve = (orderId: string, ...lines: readonly Line[]) => send('reserve-stock', orderId, lines);
const release = (orderId: string, ...lines: readonly Line[]) => send('release-stock', orderId, lines);

test('an order takes its lines on the shards of their products, once however often it is told', async () => {
  const [one, two] = [await newProduct(0, 5), await newProduct(400, 1)];
  const orderId = newId(800);
  for (let time = 0; time < 3; time += 1) expect(await reserve(orderId, [one, 2], [two, 1])).toBe(200);

  expect([await stockOf(one), await stockOf(two)]).toEqual([[3], [0]]);
  expect(await answersOf(orderId)).toEqual({ [one]: true, [two]: true });
});

test('one warehouse that has all of it sends it; else as few as it takes', async () => {
  const product = await newProduct(0, 2, 1, 5);
  await reserve(newId(0), [product, 4]);
  expect(await stockOf(product)).toEqual([2, 1, 1]);
  await reserve(newId(0), [product, 3]);
  expect(await stockOf(product)).toEqual([0, 0, 1]);
});

test('a line of which there is too little takes nothing, and the others stay taken until they are released', async () => {
  const [enough, scarce] = [await newProduct(400, 9), await newProduct(0, 1, 1)];
  const orderId = newId(0);
  await reserve(orderId, [enough, 2], [scarce, 3], [newId(0), 1]);
  expect([await stockOf(enough), await stockOf(scarce)]).toEqual([[7], [1, 1]]);
  expect(Object.values(await answersOf(orderId)).sort()).toEqual([false, false, true]);

  for (let time = 0; time < 2; time += 1) await release(orderId, [enough, 2], [scarce, 3]);
  expect([await stockOf(enough), await stockOf(scarce)]).toEqual([[9], [1, 1]]);
});

test('what was released before it was asked for is not reserved any more', async () => {
  const product = await newProduct(800, 3);
  const orderId = newId(0);
  await release(orderId, [product, 2]);
  await reserve(orderId, [product, 2]);

  expect([await stockOf(product), await answersOf(orderId)]).toEqual([[3], { [product]: false }]);
});

test('many orders at once take what there is and not more', async () => {
  const product = await newProduct(400, 7, 6);
  const asked = Array.from({ length: 20 }, () => newId(0));
  // Some change their minds meanwhile.
  await Promise.all(asked.map((orderId) => untilTaken(() => reserve(orderId, [product, 1]))));
  await Promise.all([
    ...asked.slice(0, 5).map((orderId) => untilTaken(() => release(orderId, [product, 1]))),
    ...asked.map((orderId) => reserve(orderId, [product, 1])),
  ]);
  const answers = await Promise.all(asked.map(answersOf));
  const yes = answers.map((answer) => answer[product] === true);
  const released = yes.slice(0, 5).filter(Boolean).length;

  expect(yes.filter(Boolean)).toHaveLength(13);
  expect((await stockOf(product)).reduce((sum, each) => sum + each, 0)).toBe(released);
});

test('an answer goes to orders, until it is taken', async () => {
  const verifier = createRequestVerifier([running.secret], { audience: 'orders' });
  const told: { readonly id: string; readonly payload: unknown }[] = [];
  let refusals = 1;
  orders = createServer((request, response) => {
    void readBody(request, { maxBytes: 10_000 }).then((body) => {
      verifier.verify({ method: 'POST', path: '/events', body, headers: request.headers });
      if (refusals-- > 0) return response.writeHead(503).end();
      told.push(JSON.parse(body.toString()));
      return response.end('{}');
    });
  });
  await new Promise<void>((resolve) => orders?.listen(0, '127.0.0.1', resolve));
  const product = await newProduct(0, 5);
  const orderId = newId(0);
  await reserve(orderId, [product, 1]);
  const { port } = orders.address() as AddressInfo;
  const environment = { ...running.environment, WEFT_PEERS: `orders=http://127.0.0.1:${port}` };
  worker = await startWorker(subgraph, { environment, timing: { pollMs: 500 } });
  const mine = () => told.filter(({ id }) => id === `${orderId}:${product}`);
  await waitFor(() => mine().length > 0, { what: 'the answer', timeoutMs: 20_000 });

  expect(mine()[0]).toMatchObject({
    topic: 'stock-answered',
    payload: { orderId, jobId: orderId, productId: product, reserved: true },
  });
});

test.each([[[]], [[['x', 1]]], [[['7', 0]]]] as [Line[]][])('lines that are none are refused: %j', async (lines) => {
  expect(await send('reserve-stock', newId(0), lines)).toBe(lines.length === 0 ? 200 : 400);
});
