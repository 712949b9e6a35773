import { GraphError } from '@weft/errors';
import { type FieldResolver, requireUser } from '@weft/subgraph';
import type { JobTable, OrdersTables } from '../database/tables.ts';
import { ownJob } from '../entities/job.ts';
import { LAST_STEPS_TO_CANCEL, ORDER_UNDONE } from '../fulfilment/job-row.ts';

/**
 * Turns a job around in one statement, with the event that has its order taken back. Asked for again it gives the job as
 * it is. NOT_FOUND for a job that is not the caller's, JOB_NOT_CANCELABLE for one that is too far or has ended.
 */
export const cancelJob: FieldResolver<OrdersTables> = async (
  _root,
  { id }: { id: string },
  context,
): Promise<JobTable> => {
  const { subject } = requireUser(context);
  const job = await ownJob(context, id);
  if (job === null) throw new GraphError('NOT_FOUND', 'There is no job with this id.');
  const [canceled] = await context.session.write({
    at: { id },
    name: 'cancelJob',
    statement: (db) =>
      db
        .updateTable('orders.job')
        .set({ state: 'COMPENSATING', failure_code: 'CANCELED', failure_message: 'The order was canceled.' })
        .where('id', '=', id)
        .where('user_id', '=', subject)
        .where('state', 'in', ['QUEUED', 'RUNNING'])
        .where('steps_done', '<=', LAST_STEPS_TO_CANCEL)
        .returningAll(),
    events: [{ topic: ORDER_UNDONE, payload: { orderId: job.order_id, jobId: id } }],
    invalidates: [`Job:${id}`],
  });
  if (canceled !== undefined) return canceled;
  const now = await ownJob(context, id);
  if (now?.failure_code === 'CANCELED') return now;
  throw new GraphError('JOB_NOT_CANCELABLE', 'The order is packed, or its job has ended.');
};
