import { defineJob, deliver, type RelayHandler } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';
import { type Fulfilment, type Transaction, toFulfilment } from '../fulfilment/job-row.ts';
import { PROVIDER, refund } from '../fulfilment/payments.ts';
import type { OrderedLine } from './order-placed.ts';

/**
 * Takes an order back, whatever of it was done: the money, then the stock, then the order itself. Both others are told
 * even when nothing of theirs was done yet, so that what is still on its way to them comes to nothing. Given up, it waits
 * for a person: money and stock must not stay where they are.
 */
export const undoOrder = defineJob<OrdersTables>()({
  name: 'undo-order',
  asks: [PROVIDER, 'inventory'],
  settings: { retryLimit: 120 },
  parse: toFulfilment,
  async run(order, tools) {
    const { orderId, jobId } = order;
    await refund(tools, orderId);
    const lines = await tools.query<OrderedLine>(
      'select product_id as "productId", quantity from orders.order_line where order_id = $1 order by line_no',
      [orderId],
    );
    const payload = { orderId, jobId, lines };
    if (lines.length > 0) await deliver(tools, 'inventory', { id: orderId, topic: 'release-stock', payload });
    await tools.once(orderId, (transaction) => finish(transaction, order));
  },
});

async function finish(transaction: Transaction, { orderId, jobId }: Fulfilment): Promise<void> {
  await transaction.query(
    `update orders.job set finished_at = now(), state = case failure_code when 'CANCELED' then 'CANCELED' else 'FAILED' end
     where id = $1 and state = 'COMPENSATING'`,
    [jobId],
  );
  await transaction.query("update orders.customer_order set status = 'CANCELED' where id = $1", [orderId]);
  await transaction.invalidate([`Order:${orderId}`, `Job:${jobId}`]);
}

export const startUndoing: RelayHandler<OrdersTables> = (events, { send }) =>
  send(undoOrder, events, ({ payload }) => payload as Fulfilment);
