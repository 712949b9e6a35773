import { entityKey, requireUser, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { CustomerOrderTable, JobTable, OrdersTables } from '../database/tables.ts';
import { STEPS } from '../fulfilment/job-row.ts';
import { jobById } from '../loaders/job-by-id.ts';
import { linesByOrder } from '../loaders/lines-by-order.ts';
import { ownOrder } from './order.ts';

type Context = SubgraphContext<OrdersTables>;

/** A job that is somebody else's is null like one that does not exist, so that ids tell nothing. */
export async function ownJob(context: Context, id: string): Promise<JobTable | null> {
  const { subject } = requireUser(context);
  const row = await context.session.load(jobById, id);
  return row?.user_id === subject ? row : null;
}

/** Why an order came to nothing: the job, under the name of the type that tells of it. */
interface Ended {
  readonly kind: 'OutOfStock' | 'PaymentDeclined' | 'OrderCanceled' | 'JobFailure';
  readonly job: JobTable;
}

/** Failures that have a type of their own; any other is a JobFailure. */
const KINDS: Readonly<Record<string, Ended['kind']>> = {
  OUT_OF_STOCK: 'OutOfStock',
  PAYMENT_DECLINED: 'PaymentDeclined',
  CANCELED: 'OrderCanceled',
};

export const job: TypeResolvers<OrdersTables> = {
  __resolveReference: (representation, context) => ownJob(context, entityKey(representation, 'id')),
  createdAt: (row: JobTable) => row.created_at,
  finishedAt: (row: JobTable) => row.finished_at,
  progress: (row: JobTable) => row,
  async result(row: JobTable, _args, context): Promise<Ended | CustomerOrderTable | null> {
    if (row.state === 'DONE') return ownOrder(context, row.order_id);
    if (row.state !== 'FAILED' && row.state !== 'CANCELED') return null;
    return { kind: KINDS[row.failure_code ?? ''] ?? 'JobFailure', job: row };
  },
};

export const jobProgress: TypeResolvers<OrdersTables> = {
  done: (row: JobTable) => row.steps_done,
  total: () => STEPS.length,
  next: (row: JobTable) => (row.state === 'QUEUED' || row.state === 'RUNNING' ? (STEPS[row.steps_done] ?? null) : null),
};

export const jobResult: TypeResolvers<OrdersTables> = {
  __resolveType: (result) => ('kind' in (result as Ended | CustomerOrderTable) ? (result as Ended).kind : 'Order'),
};

export const jobFailure: TypeResolvers<OrdersTables> = {
  code: ({ job: row }: Ended) => row.failure_code ?? '',
  message: ({ job: row }: Ended) => row.failure_message ?? '',
};

export const outOfStock: TypeResolvers<OrdersTables> = {
  message: ({ job: row }: Ended) => row.failure_message ?? '',
  async products({ job: row }: Ended, _args, { session }) {
    const lines = await session.list(linesByOrder, row.order_id);
    return lines.filter(({ reserved }) => reserved === false).map(({ product_id }) => ({ id: product_id }));
  },
};

export const paymentDeclined: TypeResolvers<OrdersTables> = {
  message: ({ job: row }: Ended) => row.failure_message ?? '',
};

export const orderCanceled: TypeResolvers<OrdersTables> = {
  at: ({ job: row }: Ended) => row.finished_at,
};
