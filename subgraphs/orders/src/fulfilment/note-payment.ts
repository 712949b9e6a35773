import { countStep, type Fulfilment, stepsUntil, type Transaction, turnAround } from './job-row.ts';

/** Topic of the event that an order writes when it is paid. */
export const ORDER_PAID = 'order-paid';

/** What the provider said, by whichever way it came first; the others find the step counted. */
export async function notePayment(transaction: Transaction, order: Fulfilment, charged: boolean): Promise<void> {
  if (!charged) {
    await turnAround(transaction, order, { code: 'PAYMENT_DECLINED', message: 'The payment was declined.' });
    return;
  }
  if (!(await countStep(transaction, order, stepsUntil('CHARGED')))) return;
  await transaction.emit([{ topic: ORDER_PAID, payload: { orderId: order.orderId, jobId: order.jobId } }]);
  await transaction.invalidate([`Job:${order.jobId}`]);
}
