import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { loadPaymentSettings, startPayments } from '@weft/payments';
import { createRequestSigner, INTERNAL_HEADERS } from '@weft/service';
import { type RunningWorker, startWorker } from '@weft/subgraph';
import { waitFor } from '@weft/testing';
import { subgraph } from '../src/subgraph.ts';
import { type OrdersOnAFleet, startOrders } from './orders-on-a-fleet.ts';
import { ada, fillPriceList, grace, PLACE_ORDER, type PlacedJob, products } from './shop.ts';

let orders: OrdersOnAFleet;
const stoppable: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  orders = await startOrders('fulfilment');
  await fillPriceList(orders);
});
afterEach(async () => {
  for (const each of stoppable.splice(0).reverse()) await each.stop();
});
afterAll(() => orders?.stop());
beforeEach(() => {
  orders.inventory.soldOut.clear();
  orders.inventory.events.length = 0;
});

interface WorkOptions {
  /** Jobs that nobody runs: an order waits before them. */
  readonly without?: readonly string[];
  readonly peers?: string;
  readonly retryLimit?: number;
}

async function work({ without = [], peers, retryLimit }: WorkOptions = {}): Promise<RunningWorker> {
  const jobs = (subgraph.jobs ?? [])
    .filter(({ name }) => !without.includes(name))
    .map((job) => ({ ...job, settings: { ...job.settings, ...(retryLimit !== undefined && { retryLimit }) } }));
  const environment = { ...orders.environment, ...(peers !== undefined && { WEFT_PEERS: peers }) };
  const timing = { pollMs: 500, superviseMs: 1_000, stopMs: 1_000 };
  const worker = await startWorker({ ...subgraph, jobs }, { environment, timing });
  stoppable.push(worker);
  return worker;
}

async function place(key: string, lines = [{ productId: products[1], quantity: 2 }]): Promise<string> {
  const { data, errors } = await orders.call({ query: PLACE_ORDER, variables: { lines, key }, user: ada });
  expect(errors).toEqual([]);
  return (data as { placeOrder: PlacedJob }).placeOrder.id;
}

const JOB = /* GraphQL */ `
  query ($id: ID!) {
    job(id: $id) {
      state
      progress { done total next }
      result {
        __typename
        ... on Order { status }
        ... on OutOfStock { message products { id } }
        ... on PaymentDeclined { message }
        ... on OrderCanceled { at }
        ... on JobFailure { code message }
      }
    }
  }
`;

async function jobOf(id: string): Promise<Record<string, unknown>> {
  const { data, errors } = await orders.call({ query: JOB, variables: { id }, user: ada });
  expect(errors).toEqual([]);
  return data?.job as Record<string, unknown>;
}

const reaches = (id: string, state: string) =>
  waitFor(async () => (await jobOf(id)).state === state, { what: `the job to be ${state}`, timeoutMs: 30_000 });

const cancel = (id: string, user = ada) =>
  orders.call({ query: 'mutation ($id: ID!) { cancelJob(id: $id) { id state } }', variables: { id }, user });

/** What the rows and the provider say of the order of a job. */
async function booksOf(job: string) {
  const [row] = await orders.query<{ order: string; status: string; steps: number }>(
    `select o.id::text as order, o.status, j.steps_done as steps from orders.job j
     join orders.customer_order o on o.id = j.order_id where j.id = $1`,
    [job],
  );
  const entry = orders.payments.entries().find(({ key }) => key === `order:${row?.order}`);
  const told = orders.inventory.events.filter(({ orderId }) => orderId === row?.order).map(({ topic }) => topic);
  return { status: row?.status, payment: entry?.state, amount: entry?.amountMinor, told };
}

test('an order that goes well is reserved, charged once and shipped, and says how far it is', async () => {
  const id = await place('well');
  expect(await jobOf(id)).toEqual({ state: 'QUEUED', progress: { done: 0, total: 5, next: 'RESERVED' }, result: null });
  await work();
  await reaches(id, 'DONE');

  expect(await jobOf(id)).toEqual({
    ...{ state: 'DONE', progress: { done: 5, total: 5, next: null } },
    result: { __typename: 'Order', status: 'SHIPPED' },
  });
  expect(await booksOf(id)).toEqual({ status: 'SHIPPED', payment: 'charged', amount: 600, told: ['reserve-stock'] });
});

test('when there is too little of one product, the others are released and nothing is charged', async () => {
  orders.inventory.soldOut.add(products[2]);
  const id = await place(
    'sold-out',
    products.map((productId) => ({ productId, quantity: 1 })),
  );
  await work();
  await reaches(id, 'FAILED');

  const result = { __typename: 'OutOfStock', message: expect.any(String), products: [{ id: products[2] }] };
  expect(await jobOf(id)).toMatchObject({ progress: { next: null }, result });
  expect(await booksOf(id)).toMatchObject({
    status: 'CANCELED',
    payment: 'voided',
    told: ['reserve-stock', 'release-stock'],
  });
});

test('when the payment is declined, the stock is released', async () => {
  const declining = await startPayments(
    loadPaymentSettings({
      WEFT_SECRETS: orders.secret,
      WEFT_PAYMENTS_LEDGER: join(orders.fleet.directory, 'declined.jsonl'),
      WEFT_PAYMENTS_FAULTS: 'decline=1',
    }),
  );
  stoppable.push(declining);
  const id = await place('declined');
  await work({ peers: `inventory=${orders.inventory.url},payments=${declining.url}` });
  await reaches(id, 'FAILED');

  expect(await jobOf(id)).toMatchObject({ result: { __typename: 'PaymentDeclined', message: expect.any(String) } });
  expect(await booksOf(id)).toMatchObject({ status: 'CANCELED', told: ['reserve-stock', 'release-stock'] });
  expect(declining.entries()).toMatchObject([{ state: 'declined' }]);
});

test('what is canceled after it was charged is refunded; canceling again changes nothing', async () => {
  const id = await place('second-thoughts');
  await work({ without: ['shipping'] });
  await waitFor(async () => (await booksOf(id)).payment === 'charged', { what: 'the charge' });
  await waitFor(async () => (await jobOf(id)).progress, { what: 'the job' });
  const first = await cancel(id);

  expect(first).toMatchObject({ errors: [], data: { cancelJob: { id, state: 'COMPENSATING' } } });
  await reaches(id, 'CANCELED');
  expect(await jobOf(id)).toMatchObject({ result: { __typename: 'OrderCanceled', at: expect.any(String) } });
  expect(await booksOf(id)).toEqual({
    ...{ status: 'CANCELED', payment: 'refunded', amount: 600 },
    told: ['reserve-stock', 'release-stock'],
  });
  expect(await cancel(id)).toMatchObject({ errors: [], data: { cancelJob: { state: 'CANCELED' } } });
  await orders.query("delete from orders.outbox where topic = 'order-paid'");
});

test('what is canceled before anything was done comes to nothing, whatever is still under way', async () => {
  const id = await place('at-once');
  expect(await cancel(id)).toMatchObject({ errors: [], data: { cancelJob: { state: 'COMPENSATING' } } });
  await work();
  await reaches(id, 'CANCELED');
  await waitFor(async () => (await booksOf(id)).told.length === 2, { what: 'inventory to be told' });

  const { told, ...books } = await booksOf(id);
  expect(books).toEqual({ status: 'CANCELED', payment: 'voided', amount: 0 });
  expect([...told].sort()).toEqual(['release-stock', 'reserve-stock']);
});

test('what is packed, ended or somebody else’s cannot be canceled', async () => {
  const id = await place('too-late');
  await work();
  await reaches(id, 'DONE');
  const codes = [await cancel(id), await cancel(id, grace), await cancel(products[0])].map(
    ({ errors }) => errors[0]?.extensions.code,
  );

  expect(codes).toEqual(['JOB_NOT_CANCELABLE', 'NOT_FOUND', 'NOT_FOUND']);
  expect(await booksOf(id)).toMatchObject({ status: 'SHIPPED', payment: 'charged' });
});

test('inventory that is down holds an order up and loses nothing', async () => {
  orders.inventory.down = true;
  const id = await place('patient');
  await work();
  await waitFor(
    async () =>
      (await orders.query("select 1 from orders_jobs.job where name = 'reserve-stock' and retry_count > 0")).length > 0,
    { what: 'a failed delivery' },
  );
  expect(await jobOf(id)).toMatchObject({ state: 'QUEUED' });
  orders.inventory.down = false;
  await reaches(id, 'DONE');
});

test('a provider that cannot be reached for long has the order taken back, as soon as it can be asked for the money', async () => {
  const id = await place('no-provider');
  const nowhere = await work({ peers: `inventory=${orders.inventory.url},payments=http://127.0.0.1:9`, retryLimit: 1 });
  await reaches(id, 'COMPENSATING');
  await nowhere.stop();
  stoppable.length = 0;
  // Whoever looks after the dead letters tries again when the provider is back.
  await orders.query(
    "update orders_jobs.job set state = 'retry', start_after = now() where name = 'undo-order' and state = 'failed'",
  );
  await work();
  await reaches(id, 'FAILED');

  expect(await jobOf(id)).toMatchObject({ result: { __typename: 'JobFailure', code: 'SUBREQUEST_HTTP_ERROR' } });
  expect(await booksOf(id)).toMatchObject({ status: 'CANCELED', payment: 'voided' });
});

async function send(event: object, secret = orders.secret): Promise<number> {
  const body = JSON.stringify(event);
  const signature = createRequestSigner([secret]).sign({ audience: 'orders', method: 'POST', path: '/events', body });
  const url = orders.url.replace('/graphql', '/events');
  const { status } = await fetch(url, { method: 'POST', body, headers: { [INTERNAL_HEADERS.signature]: signature } });
  return status;
}

test('events are taken only from those who share the secret, and only of a shape that is known', async () => {
  const payload = { orderId: ada.subject, jobId: ada.subject, productId: products[0], reserved: true };
  const event = { id: 'x', topic: 'stock-answered', payload };

  expect(await send(event)).toBe(200);
  expect(await send(event, 'a secret of somebody else')).toBe(401);
  expect(await send({ ...event, topic: 'toString' })).toBe(404);
  expect(await send({ ...event, payload: { ...payload, orderId: 'x' } })).toBe(400);
  expect(await send({ ...event, id: '' })).toBe(400);
  expect((await fetch(orders.url.replace('/graphql', '/events'))).status).toBe(405);
});

test('a worker that does not know where its peers are does not start, and says which', async () => {
  const environment = { ...orders.environment, WEFT_PEERS: 'inventory=http://127.0.0.1:9' };
  await expect(startWorker(subgraph, { environment })).rejects.toThrow(
    /peers \(WEFT_PEERS\) of orders lacks:\n {2}payments, which the job charge asks\n.*\nGiven: inventory\./,
  );
});
