import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningWorker, startWorker } from '@weft/subgraph';
import { waitFor } from '@weft/testing';
import { ordersOnTheirWay } from '../src/database/migrations/0005-orders-on-their-way.ts';
import { subgraph } from '../src/subgraph.ts';
import { type OrdersOnAFleet, startOrders } from './orders-on-a-fleet.ts';
import { ada, fillPriceList, grace, PLACE_ORDER, type PlacedJob, products } from './shop.ts';

let orders: OrdersOnAFleet;
let worker: RunningWorker | undefined;

beforeAll(async () => {
  orders = await startOrders('shipping');
  await fillPriceList(orders);
});
afterAll(async () => {
  await worker?.stop();
  await orders?.stop();
});

async function place(key: string, user = ada): Promise<PlacedJob> {
  const lines = [{ productId: products[1], quantity: 2 }];
  const { data, errors } = await orders.call({ query: PLACE_ORDER, variables: { lines, key }, user });
  expect(errors).toEqual([]);
  return data?.placeOrder as PlacedJob;
}

const JOB = /* GraphQL */ `
  query ($id: ID!) {
    job(id: $id) {
      state
      finishedAt
      result {
        __typename
        ... on Order { status history { ... on ShipmentStep { status at } } }
        ... on JobFailure { code message }
      }
    }
  }
`;

interface JobAnswer {
  readonly state: string;
  readonly finishedAt: string | null;
  readonly result: null | { readonly __typename: string; readonly history?: readonly { readonly at?: string }[] };
}

async function jobOf(id: string, user = ada): Promise<JobAnswer> {
  const { data, errors } = await orders.call({ query: JOB, variables: { id }, user });
  expect(errors).toEqual([]);
  return data?.job as JobAnswer;
}

const finished = (id: string, user = ada) =>
  waitFor(async () => (await jobOf(id, user)).finishedAt !== null, { what: 'the job to finish', timeoutMs: 30_000 });

test('a job is queued until a worker runs; then its order is shipped step by step', async () => {
  const { id } = await place('waits');
  expect(await jobOf(id)).toEqual({ state: 'QUEUED', finishedAt: null, result: null });

  worker = await startWorker(subgraph, { environment: orders.environment });
  await finished(id);
  const job = await jobOf(id);

  expect(job).toMatchObject({
    state: 'DONE',
    result: {
      __typename: 'Order',
      status: 'SHIPPED',
      history: [{}, { status: 'PICKED' }, { status: 'PACKED' }, { status: 'SHIPPED' }],
    },
  });
  const times = job.result?.history?.slice(1).map(({ at }) => at) ?? [];
  expect(times).toEqual([...times].sort());
});

test('an order of the version that knew no stock and no payment is shipped as it would have been', async () => {
  await worker?.stop();
  const { id } = await place('older');
  const { database } = orders;
  const shard = database.shardOf({ id });
  await database.query(shard, "update orders.outbox set payload = payload - 'lines' where payload->>'jobId' = $1", [
    id,
  ]);
  for (const statement of ordersOnTheirWay.statements) await database.query(shard, statement);
  worker = await startWorker(subgraph, { environment: orders.environment });
  await finished(id);

  expect(await jobOf(id)).toMatchObject({ state: 'DONE', result: { status: 'SHIPPED' } });
  const [order] = await orders.query<{ id: string }>('select order_id::text as id from orders.job where id = $1', [id]);
  expect(orders.payments.entries().map(({ key }) => key)).not.toContain(`order:${order?.id}`);
});

test('notifications start the shipping: no poll is waited for', async () => {
  await worker?.stop();
  worker = await startWorker(subgraph, { environment: orders.environment, timing: { pollMs: 60_000 } });
  await waitFor(async () => (await fetch(`${worker?.url}/health/ready`)).ok, { what: 'the worker to be ready' });
  const { id } = await place('notified', grace);

  // `finished` waits 30 s, half of a poll.
  await finished(id, grace);
});

test('a job that cannot work is given up with a code and words for the customer', async () => {
  const { database } = orders;
  const shard = database.shardOf({ id: ada.subject });
  await worker?.stop();
  const { id } = await place('gone');
  await database.query(
    shard,
    'delete from orders.customer_order where id = (select order_id from orders.job where id = $1)',
    [id],
  );
  worker = await startWorker(subgraph, { environment: orders.environment });
  await finished(id);

  expect(await jobOf(id)).toMatchObject({
    state: 'FAILED',
    result: { __typename: 'JobFailure', code: 'NOT_FOUND', message: 'The order is not there any more.' },
  });
  expect(await orders.query('select 1 from orders.outbox')).toEqual([]);
});
