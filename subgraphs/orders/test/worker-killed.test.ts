import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@weft/testing';
import { type OrdersOnAFleet, startOrders } from './orders-on-a-fleet.ts';
import { ada, fillPriceList, grace, PLACE_ORDER, type PlacedJob, products } from './shop.ts';

const KILLS = 20;
/** Half a minute on a free machine: most of it is Node, starting 21 times. */
const TIMEOUT_MS = 240_000;
const WORKER = fileURLToPath(new URL('worker-process.ts', import.meta.url));

let orders: OrdersOnAFleet;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  orders = await startOrders('killed');
  await fillPriceList(orders);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await orders?.stop();
});

/** A worker process that works. */
async function startWorkerProcess(): Promise<ChildProcess> {
  const { PATH } = process.env;
  const started = fork(WORKER, {
    execArgv: ['--conditions=weft-source', '--disable-warning=ExperimentalWarning'],
    env: { ...orders.environment, PATH, NODE_COMPILE_CACHE: join(orders.fleet.directory, 'compile-cache') },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  children.add(started);
  started.on('exit', () => children.delete(started));
  await Promise.race([
    once(started, 'message'),
    once(started, 'exit').then(() => Promise.reject(new Error('the worker ended'))),
  ]);
  return started;
}

type Call = Parameters<OrdersOnAFleet['call']>[0];

/** Sends again, with its key, what was refused for want of a connection: its error asks that of clients. */
const untilTaken = (call: Call): ReturnType<OrdersOnAFleet['call']> =>
  waitFor(
    async () => {
      const answer = await orders.call(call);
      return answer.errors?.[0]?.extensions?.code === 'DATABASE_BUSY' ? undefined : answer;
    },
    { timeoutMs: 10_000, what: 'a connection for an order' },
  );

/** Places orders of two users on two shards, one after the other, until it is told to stop. Gives the ids of the jobs. */
function keepOrdering(): { stop(): Promise<string[]> } {
  let going = true;
  const jobs: string[] = [];
  const run = async (): Promise<void> => {
    while (going) {
      const lines = products.map((productId) => ({ productId, quantity: 1 }));
      const variables = { lines, key: `order-${jobs.length}` };
      const user = jobs.length % 2 === 0 ? ada : grace;
      const { data, errors } = await untilTaken({ query: PLACE_ORDER, variables, user });
      expect(errors).toEqual([]);
      const { placeOrder } = data as { placeOrder: PlacedJob };
      jobs.push(placeOrder.id);
      await new Promise((resolve) => setTimeout(resolve, 25));
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

/** Starts a worker and kills it at a random moment, some times. */
async function killWorkers(times: number): Promise<void> {
  for (let kill = 0; kill < times; kill += 1) {
    const victim = await startWorkerProcess();
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
    victim.kill('SIGKILL');
    await once(victim, 'exit');
  }
}

test(
  `orders are shipped once each though workers are killed ${KILLS} times`,
  async () => {
    const ordering = keepOrdering();
    await Promise.all([killWorkers(KILLS / 2), killWorkers(KILLS / 2)]);
    const jobs = await ordering.stop();

    await startWorkerProcess();
    await waitFor(async () => (await orders.query("select 1 from orders.job where state <> 'DONE'")).length === 0, {
      what: 'every job to be done',
      timeoutMs: 90_000,
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
    // The test is worth something only when workers died with jobs in hand.
    expect((await orders.query('select 1 from orders_jobs.job where retry_count > 0')).length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);
