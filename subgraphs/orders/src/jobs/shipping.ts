import { GraphError } from '@weft/errors';
import { defineJob, type RelayHandler } from '@weft/queue';
import type { OrdersTables, ShippingStatus } from '../database/tables.ts';
import {
  countStep,
  type Fulfilment,
  giveUp,
  stepsUntil,
  type Transaction,
  toFulfilment,
} from '../fulfilment/job-row.ts';

/** In this order. */
const SHIPPING_STEPS: readonly ShippingStatus[] = ['PICKED', 'PACKED', 'SHIPPED'];

/**
 * Ships an order in steps. Each step is one transaction with its mark, so that a worker that dies in between leaves
 * whole steps behind, and the next one goes on where it stopped.
 */
export const shipping = defineJob<OrdersTables>()({
  name: 'shipping',
  parse: toFulfilment,
  async run(order, { once }) {
    for (const status of SHIPPING_STEPS) {
      await once(`${order.orderId}:${status}`, (transaction) => takeStep(transaction, order, status));
    }
  },
  failed: (order, failure, tools) => giveUp(tools, order, failure),
});

export const startShipping: RelayHandler<OrdersTables> = (events, { send }) =>
  send(shipping, events, ({ payload }) => payload as Fulfilment);

/** Nothing when the order was canceled in between. */
async function takeStep(transaction: Transaction, order: Fulfilment, status: ShippingStatus): Promise<void> {
  const { orderId, jobId } = order;
  if (!(await countStep(transaction, order, stepsUntil(status)))) return;
  const [moved] = await transaction.query(
    `with moved as (update orders.customer_order set status = $2 where id = $1 returning id)
     insert into orders.shipment_step (order_id, status, at) select id, $2, now() from moved returning order_id`,
    [orderId, status],
  );
  if (moved === undefined) throw new GraphError('NOT_FOUND', 'The order is not there any more.');
  if (status === SHIPPING_STEPS.at(-1)) {
    await transaction.query("update orders.job set state = 'DONE', finished_at = now() where id = $1", [jobId]);
  }
  await transaction.invalidate([`Order:${orderId}`, `Job:${jobId}`]);
}
