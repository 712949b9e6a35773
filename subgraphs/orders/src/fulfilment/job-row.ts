import type { ShardTransaction } from '@weft/database';
import { GraphError } from '@weft/errors';
import type { JobTools } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';

/** What every event and every job of a fulfilment carries: ids, whose rows all lie in the bucket of the user. */
export interface Fulfilment {
  readonly orderId: string;
  readonly jobId: string;
}

/** The steps of an order that goes well, in their order; `steps_done` counts them. */
export const STEPS = ['RESERVED', 'CHARGED', 'PICKED', 'PACKED', 'SHIPPED'] as const;

export type Transaction = ShardTransaction<OrdersTables>;

/** How many steps are done by then. */
export const stepsUntil = (step: (typeof STEPS)[number]): number => STEPS.indexOf(step) + 1;

/** A packed order is as good as sent. */
export const LAST_STEPS_TO_CANCEL = stepsUntil('PICKED');

/** Throws when the data of an event or a job is not of a fulfilment. */
export function toFulfilment(data: unknown): Fulfilment {
  const { orderId, jobId } = data as Partial<Fulfilment>;
  if (typeof orderId !== 'string' || typeof jobId !== 'string') throw new TypeError('no orderId and jobId');
  return { orderId, jobId };
}

/**
 * Counts a step that is done, once: only on a job that is on its way forward and has done exactly the steps before.
 * False when it is not, because the step was counted before or the order is being taken back.
 */
export async function countStep(transaction: Transaction, { jobId }: Fulfilment, steps: number): Promise<boolean> {
  const moved = await transaction.query(
    `update orders.job set state = 'RUNNING', steps_done = $2
     where id = $1 and steps_done = $2 - 1 and state in ('QUEUED', 'RUNNING') returning id`,
    [jobId, steps],
  );
  return moved.length > 0;
}

/** Topic of the event that a job writes when its order is to be taken back. */
export const ORDER_UNDONE = 'order-undone';

/**
 * Turns a job that is on its way around, for a reason that stays, and has its order taken back. False when it is not on
 * its way any more, or is too far.
 */
export async function turnAround(
  transaction: Transaction,
  { orderId, jobId }: Fulfilment,
  reason: { readonly code: string; readonly message: string },
): Promise<boolean> {
  const turned = await transaction.query(
    `update orders.job set state = 'COMPENSATING', failure_code = $2, failure_message = $3
     where id = $1 and state in ('QUEUED', 'RUNNING') and steps_done <= $4 returning id`,
    [jobId, reason.code, reason.message, LAST_STEPS_TO_CANCEL],
  );
  if (turned.length === 0) return false;
  await transaction.emit([{ topic: ORDER_UNDONE, payload: { orderId, jobId } }]);
  await transaction.invalidate([`Job:${jobId}`]);
  return true;
}

/**
 * For a job of pg-boss that was given up: has the order taken back. Throws JOB_NOT_CANCELABLE when it is too far for
 * that, so that the job waits for a person.
 */
export async function giveUp(
  { once, query }: JobTools<OrdersTables>,
  order: Fulfilment,
  reason: { readonly code: string; readonly message: string },
): Promise<void> {
  await once(`${order.orderId}:failed`, async (transaction) => {
    await turnAround(transaction, order, reason);
  });
  const going = await query("select 1 from orders.job where id = $1 and state in ('QUEUED', 'RUNNING')", [order.jobId]);
  if (going.length > 0) throw new GraphError('JOB_NOT_CANCELABLE', 'The order is packed: it can only go on.');
}
