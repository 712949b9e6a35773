import type { RunningGraph } from '../running-graph.ts';
import type { Acknowledged, ClientLog } from './customers.ts';
import { type Entry, readLedger } from './provider-books.ts';
import { onEveryShard, type Stocked } from './shop-books.ts';

/** What the drill found, for people; the problems are what must not be. */
export interface Findings {
  readonly problems: readonly string[];
  readonly orders: {
    readonly placed: number;
    readonly shipped: number;
    readonly canceled: number;
    readonly failed: number;
  };
  readonly reasons: Readonly<Record<string, number>>;
  readonly chargedMinor: string;
  readonly refunds: number;
  readonly leftInStock: number;
  readonly reviews: number;
}

interface OrderRow {
  readonly job: string;
  readonly state: string;
  readonly status: string;
  readonly total: string;
  readonly order_id: string;
  readonly key: string;
  readonly reason: string | null;
  readonly steps: string;
}

const ORDERS = `
  select j.id::text as job, j.state, o.status, o.total_minor::text as total, o.id::text as order_id, i.key,
    j.failure_code as reason, (select count(*) from orders.shipment_step s where s.order_id = o.id)::text as steps
  from orders.idempotency i join orders.job j on j.id = i.job_id join orders.customer_order o on o.id = j.order_id
  where i.key like 'drill-%'`;

/** Compares what customers were told with every shard and with the books of the provider, when all work is done. */
export async function checkBooks(
  running: RunningGraph,
  log: ClientLog,
  { products }: { readonly products: readonly Stocked[] },
): Promise<Findings> {
  const rows = await onEveryShard<OrderRow>(running, ORDERS);
  const ledger = await readLedger(running);
  const problems = [
    ...acknowledged(log.orders, rows),
    ...rows.flatMap((row) => orderProblems(row, ledger.get(`order:${row.order_id}`))),
    ...canceledProblems(log, rows),
    ...(await stockProblems(running, products)),
    ...moneyProblems(rows, ledger),
    ...(await reviewProblems(running, log.reviews)),
    ...(await leftovers(running)),
  ];
  const count = (state: string) => rows.filter((row) => row.state === state).length;
  return {
    problems,
    orders: { placed: rows.length, shipped: count('DONE'), canceled: count('CANCELED'), failed: count('FAILED') },
    reasons: Object.fromEntries(
      [...Map.groupBy(rows, ({ reason }) => reason ?? 'none')].map(([reason, all]) => [reason, all.length]),
    ),
    chargedMinor: String(sumOf([...ledger.values()].filter(({ state }) => state === 'charged'))),
    refunds: [...ledger.values()].filter(({ state }) => state === 'refunded').length,
    leftInStock: await leftInStock(running, products),
    reviews: log.reviews.length,
  };
}

/** Nothing acknowledged is lost, and a key has had one effect. */
function acknowledged(told: readonly Acknowledged[], rows: readonly OrderRow[]): string[] {
  const byKey = Map.groupBy(rows, ({ key }) => key);
  const lost = told.flatMap(({ key, ids }) => {
    const found = byKey.get(key) ?? [];
    if (found.length !== 1) return [`${key} was acknowledged and has ${found.length} orders`];
    return ids.every((id) => id === found[0]?.job)
      ? []
      : [`${key} was answered ${ids.join(' and ')}, is ${found[0]?.job}`];
  });
  const orders = new Set(rows.map(({ order_id }) => order_id));
  return [
    ...lost,
    ...(orders.size === rows.length ? [] : ['two keys share an order']),
    ...(rows.length === told.length ? [] : [`${told.length} keys were acknowledged, ${rows.length} are there`]),
  ];
}

function orderProblems({ job, state, status, steps, total }: OrderRow, entry: Entry | undefined): string[] {
  if (state === 'DONE') {
    const right =
      status === 'SHIPPED' && steps === '3' && entry?.state === 'charged' && String(entry.amountMinor) === total;
    return right
      ? []
      : [`job ${job} is DONE, its order ${status} in ${steps} steps, ${JSON.stringify(entry)} of ${total}`];
  }
  if (state === 'FAILED' || state === 'CANCELED') {
    return status === 'CANCELED' && entry?.state !== 'charged'
      ? []
      : [`job ${job} is ${state}, its order ${status}, ${entry?.state}`];
  }
  return [`job ${job} is still ${state}`];
}

function canceledProblems({ canceled }: ClientLog, rows: readonly OrderRow[]): string[] {
  const states = new Map(rows.map(({ job, state }) => [job, state]));
  return canceled
    .filter((job) => states.get(job) !== 'CANCELED')
    .map((job) => `${job} was canceled and is ${states.get(job)}`);
}

/** What is gone from the shelves is what shipped orders have, and no shelf was ever below zero. */
async function stockProblems(running: RunningGraph, products: readonly Stocked[]): Promise<string[]> {
  const ids = products.map(({ id }) => id).join(',');
  const levels = await onEveryShard<{ id: string; left: string }>(
    running,
    `select product_id::text as id, sum(quantity)::text as left from inventory.stock where product_id in (${ids}) group by 1`,
  );
  const sold = await onEveryShard<{ id: string; sold: string }>(
    running,
    `select l.product_id::text as id, sum(l.quantity)::text as sold
     from orders.order_line l join orders.customer_order o on o.id = l.order_id
     join orders.job j on j.order_id = o.id join orders.idempotency i on i.job_id = j.id
     where o.status = 'SHIPPED' and i.key like 'drill-%' group by 1`,
  );
  const soldOf = new Map<string, number>();
  for (const row of sold) soldOf.set(row.id, (soldOf.get(row.id) ?? 0) + Number(row.sold));
  return products.flatMap(({ id, stock }) => {
    const left = Number(levels.find((level) => level.id === id)?.left ?? Number.NaN);
    const gone = soldOf.get(id) ?? 0;
    return left >= 0 && left === stock - gone
      ? []
      : [`product ${id}: ${stock} at first, ${gone} shipped, ${left} left`];
  });
}

function moneyProblems(rows: readonly OrderRow[], ledger: ReadonlyMap<string, Entry>): string[] {
  const charged = sumOf([...ledger.values()].filter(({ state }) => state === 'charged'));
  const shipped = rows.filter(({ status }) => status === 'SHIPPED').reduce((sum, { total }) => sum + BigInt(total), 0n);
  return charged === shipped ? [] : [`${charged} are charged, ${shipped} were shipped for`];
}

const sumOf = (entries: readonly Entry[]): bigint =>
  entries.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n);

async function reviewProblems(running: RunningGraph, told: readonly Acknowledged[]): Promise<string[]> {
  const kept = await onEveryShard<{ key: string; id: string }>(
    running,
    `select i.key, r.id::text from reviews.review r join reviews.idempotency i on i.review_id = r.id where i.key like 'drill-%'`,
  );
  const ids = new Map(kept.map(({ key, id }) => [key, id]));
  const lost = told.filter(({ key, ids: answers }) => answers.some((id) => id !== ids.get(key)));
  const doubled = await onEveryShard(
    running,
    `select product_id from reviews.product_rating p
     where review_count <> (select count(*) from reviews.review r where r.product_id = p.product_id)`,
  );
  const listed = await onEveryShard<{ id: string }>(
    running,
    'select review_id::text as id from reviews.review_by_author',
  );
  const inLists = new Set(listed.map(({ id }) => id));
  return [
    ...lost.map(({ key }) => `review ${key} was acknowledged and is not there as it was`),
    ...(kept.length === told.length ? [] : [`${told.length} reviews were acknowledged, ${kept.length} are there`]),
    ...doubled.map((row) => `a rating counts other reviews than there are: ${JSON.stringify(row)}`),
    ...kept.filter(({ id }) => !inLists.has(id)).map(({ id }) => `review ${id} is in no list`),
  ];
}

/** Work that nobody is going to do: events that wait, jobs that were given up. */
async function leftovers(running: RunningGraph): Promise<string[]> {
  const waiting = await onEveryShard<{ topic: string }>(
    running,
    'select topic from orders.outbox union all select topic from inventory.outbox union all select topic from reviews.outbox',
  );
  const dead = await onEveryShard<{ name: string }>(
    running,
    `select name from orders_jobs.job where state = 'failed' and dead_letter is null
     union all select name from inventory_jobs.job where state = 'failed' and dead_letter is null`,
  );
  return [
    ...waiting.map(({ topic }) => `an event ${topic} waits`),
    ...dead.map(({ name }) => `a job ${name} was given up`),
  ];
}

async function leftInStock(running: RunningGraph, products: readonly Stocked[]): Promise<number> {
  const rows = await onEveryShard<{ left: string }>(
    running,
    `select coalesce(sum(quantity), 0)::text as left from inventory.stock where product_id in (${products.map(({ id }) => id).join(',')})`,
  );
  return rows.reduce((sum, { left }) => sum + Number(left), 0);
}
