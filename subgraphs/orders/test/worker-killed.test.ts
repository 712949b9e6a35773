import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { type OrdersOnAFleet, startOrders } from './orders-on-a-fleet.ts';
import { ada, fillPriceList, grace, PLACE_ORDER, type PlacedJob, products } from './shop.ts';

const KILLS = 20;
const WORKER = fileURLToPath(new URL('worker-process.ts', import.meta.url));

let orders: OrdersOnAFleet;
let child: ChildProcess | undefined;

beforeAll(async () => {
  orders = await startOrders('killed');
  await fillPriceList(orders);
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await orders?.stop();
});

/** A worker process that works. */
async function startWorkerProcess(): Promise<ChildProcess> {
  const { PATH } = process.env;
  const started = fork(WORKER, {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: { ...orders.environment, PATH },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child = started;
  await Promise.race([
    once(started, 'message'),
    once(started, 'exit').then(() => Promise.reject(new Error('the worker ended'))),
  ]);
  return started;
}

/** Places orders of two users on two shards, one after the other, until it is told to stop. Gives the ids of the jobs. */
function keepOrdering(): { stop(): Promise<string[]> } {
  let going = true;
  const jobs: string[] = [];
  const run = async (): Promise<void> => {
    while (going) {
      const lines = products.map((productId) => ({ productId, quantity: 1 }));
      const variables = { lines, key: `order-${jobs.length}` };
      const user = jobs.length % 2 === 0 ? ada : grace;
      const { data, errors } = await orders.call({ query: PLACE_ORDER, variables, user });
      expect(errors).toEqual([]);
      const { placeOrder } = data as { placeOrder: PlacedJob };
      jobs.push(placeOrder.id);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const running = run();
  return {
    async stop() {
      going = false;
      await running;
      return jobs;
    },
  };
}

test(`orders are shipped once each though the worker is killed ${KILLS} times`, async () => {
  const ordering = keepOrdering();
  const stepsAtKill: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const victim = await startWorkerProcess();
    const moment = Math.random() * 500;
    await new Promise((resolve) => setTimeout(resolve, moment));
    victim.kill('SIGKILL');
    await once(victim, 'exit');
    stepsAtKill.push((await orders.query('select 1 from orders.shipment_step')).length);
  }
  const jobs = await ordering.stop();
  // The test is worth something only when work was going on while workers died.
  expect(new Set(stepsAtKill).size).toBeGreaterThan(KILLS / 2);

  await startWorkerProcess();
  await waitFor(async () => (await orders.query("select 1 from orders.job where state <> 'DONE'")).length === 0, {
    what: 'every job to be done',
    timeoutMs: 40_000,
  });

  const placed = await orders.query<{ id: string; status: string }>('select id, status from orders.customer_order');
  expect(placed).toHaveLength(jobs.length);
  expect(new Set(placed.map(({ status }) => status))).toEqual(new Set(['SHIPPED']));
  const expected = placed
    .flatMap(({ id }) => ['PICKED', 'PACKED', 'SHIPPED'].map((status) => `${id}:${status}`))
    .sort();
  const steps = await orders.query<{ event: string }>(
    "select order_id || ':' || status as event from orders.shipment_step",
  );
  const marks = await orders.query<{ event: string }>(
    "select event_id as event from orders.inbox where consumer = 'shipping'",
  );
  expect(steps.map(({ event }) => event).sort()).toEqual(expected);
  expect(marks.map(({ event }) => event).sort()).toEqual(expected);
  expect(await orders.query('select 1 from orders.outbox')).toEqual([]);
});
