import type { ShardTransaction } from '@weft/database';
import { GraphError } from '@weft/errors';
import { defineJob } from '@weft/queue';
import { sql } from 'kysely';
import type { OrdersTables, ShippingStatus } from '../database/tables.ts';

interface Shipping {
  readonly orderId: string;
  readonly jobId: string;
}

/** In this order. */
const STEPS: readonly ShippingStatus[] = ['PICKED', 'PACKED', 'SHIPPED'];

/**
 * Ships an order in steps. Each step is one transaction with its mark, so that a worker that dies in between leaves
 * whole steps behind, and the next one goes on where it stopped.
 */
export const shipping = defineJob<OrdersTables>()({
  name: 'shipping',
  parse: toShipping,
  async run(data, { once }) {
    for (const status of STEPS) {
      await once(`${data.orderId}:${status}`, (transaction) => takeStep(transaction, data, status));
    }
  },
  failed: ({ orderId, jobId }, { code, message }, { once }) =>
    once(`${orderId}:failed`, async (transaction) => {
      await transaction.execute(
        transaction.db
          .updateTable('orders.job')
          .set({ state: 'FAILED', finished_at: sql`now()`, failure_code: code, failure_message: message })
          .where('id', '=', jobId)
          .where('state', '!=', 'DONE'),
      );
      await transaction.invalidate([`Job:${jobId}`]);
    }).then(() => undefined),
});

async function takeStep(
  transaction: ShardTransaction<OrdersTables>,
  { orderId, jobId }: Shipping,
  status: ShippingStatus,
): Promise<void> {
  const isLast = status === STEPS.at(-1);
  const { db } = transaction;
  const [order] = await transaction.execute(
    db
      .with('moved', (query) =>
        query.updateTable('orders.customer_order').set({ status }).where('id', '=', orderId).returning('id'),
      )
      .with('stepped', (query) =>
        query
          .insertInto('orders.shipment_step')
          .columns(['order_id', 'status', 'at'])
          .expression((from) =>
            from
              .selectFrom('moved')
              .select(['id as order_id', sql<string>`${status}::text`.as('status'), sql<string>`now()`.as('at')]),
          ),
      )
      .with('worked', (query) =>
        query
          .updateTable('orders.job')
          .set(isLast ? { state: 'DONE', finished_at: sql`now()` } : { state: 'RUNNING' })
          .where('id', '=', jobId),
      )
      .selectFrom('moved')
      .select('id'),
  );
  if (order === undefined) throw new GraphError('NOT_FOUND', 'The order is not there any more.');
  await transaction.invalidate([`Order:${orderId}`, `Job:${jobId}`]);
}

function toShipping(data: unknown): Shipping {
  const { orderId, jobId } = data as Partial<Shipping>;
  if (typeof orderId !== 'string' || typeof jobId !== 'string')
    throw new TypeError('shipping without orderId and jobId');
  return { orderId, jobId };
}
