import { GraphError } from '@weft/errors';
import { isId } from '@weft/ids';
import type { Receiver } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';
import { notePayment } from '../fulfilment/note-payment.ts';
import { orderOfKey } from '../fulfilment/payments.ts';

/**
 * What the payment provider tells besides its answers, once or twice or never. It may be quicker than the answer, or
 * all that comes of it.
 */
export const paymentAnswered: Receiver<OrdersTables> = async ({ id, payload }, { once }) => {
  const { key, state } = payload as { readonly key?: unknown; readonly state?: unknown };
  const orderId = typeof key === 'string' ? orderOfKey(key) : undefined;
  if (orderId === undefined || !isId(orderId)) throw new GraphError('BAD_USER_INPUT', 'The key is not of an order.');
  // What was refunded was asked for by the job that waits for it.
  if (state !== 'charged' && state !== 'declined') return;
  await once({ id: orderId }, id, async (transaction) => {
    const [job] = await transaction.query<{ id: string }>('select id from orders.job where order_id = $1', [orderId]);
    if (job !== undefined) await notePayment(transaction, { orderId, jobId: job.id }, state === 'charged');
  });
};
