import { ConstraintError } from '@weft/database';
import { GraphError } from '@weft/errors';
import { bucketOfId } from '@weft/ids';
import { type FieldResolver, requireUser, type SubgraphContext } from '@weft/subgraph';
import type { JobTable, OrdersTables, PriceTable } from '../database/tables.ts';
import { ORDER_PLACED, type OrderPlaced } from '../jobs/order-placed.ts';
import { priceByProduct } from '../loaders/price-by-product.ts';
import { insertOrder, type NewOrder } from './insert-order.ts';
import {
  checkOrderInput,
  hashOfInput,
  type OrderLineInput,
  type PlaceOrderArguments,
  refusal,
  refuseLine,
} from './order-input.ts';

type Context = SubgraphContext<OrdersTables>;
type Claim = Pick<NewOrder, 'userId' | 'idempotencyKey' | 'requestHash'>;
type Charge = Pick<NewOrder, 'totalMinor' | 'currency' | 'lines'>;

/**
 * Prices are read from the products' shards; then key, order, lines, job and the event that starts the shipping are one
 * statement on the user's shard. A key that was used before gives the job of then, even when the input could not be
 * ordered any more.
 */
export const placeOrder: FieldResolver<OrdersTables> = async (_root, args: PlaceOrderArguments, context) => {
  const { subject: userId } = requireUser(context);
  checkOrderInput(args);
  const { idempotencyKey } = args;
  const claim = { userId, idempotencyKey, requestHash: hashOfInput(args.input.lines) };
  let charge: Charge;
  try {
    charge = await chargeFor(context, args.input.lines);
  } catch (error) {
    const before = await claimedJob(context, claim);
    if (before === null) throw error;
    return before;
  }
  return (await insert(context, claim, charge)) ?? (await claimedJob(context, claim));
};

/** Undefined when the key is taken. */
async function insert(context: Context, claim: Claim, charge: Charge): Promise<JobTable | undefined> {
  try {
    return await write(context, claim, charge);
  } catch (error) {
    // Two processes made the same id in the same millisecond.
    const isTakenId = error instanceof ConstraintError && /^(customer_order|job)_pkey$/.test(error.constraint);
    if (!isTakenId) throw error;
    return write(context, claim, charge);
  }
}

async function write({ session, ids }: Context, claim: Claim, charge: Charge): Promise<JobTable | undefined> {
  const { userId } = claim;
  const bucket = bucketOfId(userId);
  const order: NewOrder = { ...claim, ...charge, orderId: ids.next(bucket), jobId: ids.next(bucket) };
  const lines = charge.lines.map(({ productId, quantity }) => ({ productId, quantity }));
  const event: OrderPlaced = { orderId: order.orderId, jobId: order.jobId, lines };
  const [job] = await session.write({
    at: { bucket },
    name: 'placeOrder',
    statement: (db) => insertOrder(db, order),
    events: [{ topic: ORDER_PLACED, payload: { ...event } }],
    invalidates: [`User:${userId}`, `Order:${order.orderId}`, `Job:${order.jobId}`],
  });
  return job;
}

/** The job that the key was used for; null when it was not. IDEMPOTENCY_KEY_REUSED when it was, for another input. */
async function claimedJob({ session }: Context, claim: Claim): Promise<JobTable | null> {
  const [found] = await session.read({
    at: { id: claim.userId },
    name: 'jobByIdempotencyKey',
    from: 'primary',
    statement: (db) =>
      db
        .selectFrom('orders.idempotency')
        .innerJoin('orders.job', 'orders.job.id', 'orders.idempotency.job_id')
        .selectAll('orders.job')
        .select('orders.idempotency.request_hash')
        .where('orders.idempotency.user_id', '=', claim.userId)
        .where('orders.idempotency.key', '=', claim.idempotencyKey),
  });
  if (found === undefined) return null;
  if (found.request_hash !== claim.requestHash) {
    throw new GraphError('IDEMPOTENCY_KEY_REUSED', 'This idempotencyKey was used for another order.');
  }
  return found;
}

/** What the lines cost by the price list as the replicas have it. BAD_USER_INPUT names a line that has no price. */
async function chargeFor({ session }: Context, lines: readonly OrderLineInput[]): Promise<Charge> {
  const found = await session.loadMany(
    priceByProduct,
    lines.map(({ productId }) => productId),
  );
  const prices = lines.map((_line, index) => priceOf(index, found[index] ?? null));
  const [currency = '', ...others] = new Set(prices.map((price) => price.currency));
  if (others.length > 0) throw refusal('The products are sold in several currencies: order them apart.');
  const charged = lines.map(({ productId, quantity }, index) => ({
    productId,
    quantity,
    unitPriceMinor: prices[index]?.price_minor ?? '0',
  }));
  const total = charged.reduce((sum, line) => sum + BigInt(line.unitPriceMinor) * BigInt(line.quantity), 0n);
  return { lines: charged, currency, totalMinor: total.toString() };
}

function priceOf(index: number, found: PriceTable | Error | null): PriceTable {
  if (found instanceof Error) throw found;
  if (found === null) throw refuseLine(index, 'this product is not for sale.');
  return found;
}
