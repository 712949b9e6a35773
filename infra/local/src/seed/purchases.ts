import { CURRENCY } from './goods.ts';
import {
  activityMs,
  KIND,
  productId,
  productOfRank,
  type SeedPlan,
  seedId,
  userBucket,
  userId,
  userOfRank,
} from './plan.ts';
import { Random, STREAM } from './random.ts';
import { row, type SeedTable, timestamp } from './table.ts';
import { slice } from './zipf.ts';

const HOUR_MS = 3_600_000;
const STEPS = ['PICKED', 'PACKED', 'SHIPPED'] as const;

interface Purchase {
  readonly id: string;
  readonly user: number;
  readonly placedMs: number;
  readonly lines: readonly { product: number; quantity: number; priceMinor: number }[];
  /** What happened since, oldest first; none while the order is only placed. */
  readonly steps: readonly { status: string; ms: number }[];
}

/** The id of the order with another kind: its moment, its bucket. */
const jobOf = (order: string): string => String(BigInt(order) - BigInt(KIND.order) + BigInt(KIND.job));

/** Orders user by user. Only the youngest eighth of all orders is still on its way. */
export function createPurchases(plan: SeedPlan, priceMinor: (product: number) => number) {
  const random = new Random();

  function purchase(user: number, number: number): Purchase {
    const { ms, age } = activityMs(number, plan.orders);
    random.at(STREAM.order, number);
    const done = age > 0.125 ? STEPS.length : Math.floor((age / 0.125) * (STEPS.length + 1));
    let at = ms;
    const steps = STEPS.slice(0, done).map((status) => {
      at += Math.floor((0.5 + random.next() * 11) * HOUR_MS);
      return { status, ms: at };
    });
    const lines: Purchase['lines'][number][] = [];
    for (let wanted = random.int(1, 4); wanted > 0; wanted--) {
      const product = productOfRank(plan, plan.popularity.rankAt(random.next()));
      const quantity = 1 + Math.floor(random.next() ** 3 * 5);
      if (lines.some((line) => line.product === product)) continue;
      lines.push({ product, quantity, priceMinor: priceMinor(product) });
    }
    return { id: seedId(KIND.order, ms, userBucket(user), number), user, placedMs: ms, lines, steps };
  }

  function* purchases(): Generator<Purchase> {
    for (let rank = 0; rank < plan.users; rank++) {
      const user = userOfRank(plan, rank);
      const { from, to } = slice(plan.custom, rank, plan.orders);
      for (let number = from; number < to; number++) yield purchase(user, number);
    }
  }

  function* orders() {
    for (const { id, user, placedMs, lines, steps } of purchases()) {
      const total = lines.reduce((sum, line) => sum + line.quantity * line.priceMinor, 0);
      const status = steps.at(-1)?.status ?? 'PLACED';
      yield row(userBucket(user), id, userId(plan, user), status, timestamp(placedMs), total, CURRENCY);
    }
  }

  function* lines() {
    for (const { id, user, lines: bought } of purchases())
      for (const [at, { product, quantity, priceMinor: unit }] of bought.entries())
        yield row(userBucket(user), id, at + 1, productId(plan, product), quantity, unit, CURRENCY);
  }

  function* shipmentSteps() {
    for (const { id, user, steps } of purchases())
      for (const { status, ms } of steps) yield row(userBucket(user), id, status, timestamp(ms));
  }

  /** The job that placing the order gave; it ends with the last step. */
  function* jobs() {
    for (const { id, user, placedMs, steps } of purchases()) {
      const last = steps.length === STEPS.length ? steps.at(-1) : undefined;
      const state = last ? 'DONE' : steps.length > 0 ? 'RUNNING' : 'QUEUED';
      const finished = last ? timestamp(last.ms) : '\\N';
      yield row(userBucket(user), jobOf(id), userId(plan, user), id, state, timestamp(placedMs), finished);
    }
  }

  const lineColumns = ['order_id', 'line_no', 'product_id', 'quantity', 'unit_price_minor', 'currency'];
  const tables: SeedTable[] = [
    {
      name: 'orders.customer_order',
      columns: ['id', 'user_id', 'status', 'placed_at', 'total_minor', 'currency'],
      expected: plan.orders,
      rows: orders,
    },
    { name: 'orders.order_line', columns: lineColumns, expected: plan.orders * 2.4, rows: lines },
    {
      name: 'orders.shipment_step',
      columns: ['order_id', 'status', 'at'],
      expected: plan.orders * 2.8,
      rows: shipmentSteps,
    },
    {
      name: 'orders.job',
      columns: ['id', 'user_id', 'order_id', 'state', 'created_at', 'finished_at'],
      expected: plan.orders,
      rows: jobs,
    },
  ];
  return { tables };
}
