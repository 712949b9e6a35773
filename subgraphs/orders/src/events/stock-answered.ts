import { GraphError } from '@weft/errors';
import { isId } from '@weft/ids';
import type { ReceivedEvent, Receiver } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';
import { countStep, type Fulfilment, stepsUntil, type Transaction, turnAround } from '../fulfilment/job-row.ts';

/** What inventory says of one line. */
interface StockAnswered extends Fulfilment {
  readonly productId: string;
  readonly reserved: boolean;
}

/** Topic of the event that an order writes when all its lines are reserved. */
export const ORDER_RESERVED = 'order-reserved';

/** Notes the answer at its line. The last yes sends the order on, the first no turns it around. */
export const stockAnswered: Receiver<OrdersTables> = async (event, { once }) => {
  const answer = toAnswer(event);
  await once({ id: answer.orderId }, event.id, (transaction) => note(transaction, answer));
};

async function note(transaction: Transaction, answer: StockAnswered): Promise<void> {
  const { orderId, jobId, productId, reserved } = answer;
  // One answer of an order at a time: else two last ones could each miss the other.
  await transaction.query('select from orders.job where id = $1 for update', [jobId]);
  await transaction.query(
    'update orders.order_line set reserved = $3 where order_id = $1 and product_id = $2 and reserved is null',
    [orderId, productId, reserved],
  );
  await transaction.invalidate([`Order:${orderId}`, `Job:${jobId}`]);
  if (!reserved) {
    await turnAround(transaction, answer, { code: 'OUT_OF_STOCK', message: 'There is not enough of a product left.' });
    return;
  }
  const open = await transaction.query(
    'select 1 from orders.order_line where order_id = $1 and reserved is distinct from true limit 1',
    [orderId],
  );
  if (open.length === 0 && (await countStep(transaction, answer, stepsUntil('RESERVED')))) {
    await transaction.emit([{ topic: ORDER_RESERVED, payload: { orderId, jobId } }]);
  }
}

function toAnswer({ payload }: ReceivedEvent): StockAnswered {
  const { orderId = '', jobId = '', productId = '', reserved } = payload as Partial<StockAnswered>;
  if (![orderId, jobId, productId].every(isId) || typeof reserved !== 'boolean') {
    throw new GraphError('BAD_USER_INPUT', 'An event stock-answered has orderId, jobId, productId and reserved.');
  }
  return { orderId, jobId, productId, reserved };
}
