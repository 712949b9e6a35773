import { GraphError } from '@weft/errors';
import { defineJob, type RelayHandler } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';
import { type Fulfilment, giveUp, toFulfilment } from '../fulfilment/job-row.ts';
import { notePayment } from '../fulfilment/note-payment.ts';
import { charge, PROVIDER } from '../fulfilment/payments.ts';

/**
 * Charges an order whose stock is reserved. When the provider cannot be reached for long, the order is taken back: the
 * refund sees to it that a charge which did arrive does not stay.
 */
export const chargeOrder = defineJob<OrdersTables>()({
  name: 'charge',
  asks: [PROVIDER],
  parse: toFulfilment,
  async run(order, tools) {
    const { orderId } = order;
    const [row] = await tools.query<{ total_minor: string; currency: string; state: string }>(
      `select total_minor, currency, state from orders.customer_order join orders.job on job.order_id = customer_order.id
       where customer_order.id = $1`,
      [orderId],
    );
    if (row === undefined) throw new GraphError('NOT_FOUND', 'The order is not there any more.');
    // It was canceled in between.
    if (row.state !== 'RUNNING') return;
    const charged = await charge(tools, orderId, { amountMinor: row.total_minor, currency: row.currency });
    await tools.once(orderId, (transaction) => notePayment(transaction, order, charged));
  },
  failed: (order, failure, tools) => giveUp(tools, order, failure),
});

export const startCharging: RelayHandler<OrdersTables> = (events, { send }) =>
  send(chargeOrder, events, ({ payload }) => payload as Fulfilment);
