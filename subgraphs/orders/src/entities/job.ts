import { entityKey, requireUser, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { CustomerOrderTable, JobTable, OrdersTables } from '../database/tables.ts';
import { jobById } from '../loaders/job-by-id.ts';
import { ownOrder } from './order.ts';

type Context = SubgraphContext<OrdersTables>;

/** A job that is somebody else's is null like one that does not exist, so that ids tell nothing. */
export async function ownJob(context: Context, id: string): Promise<JobTable | null> {
  const { subject } = requireUser(context);
  const row = await context.session.load(jobById, id);
  return row?.user_id === subject ? row : null;
}

interface JobFailure {
  readonly code: string;
  readonly message: string;
}

export const job: TypeResolvers<OrdersTables> = {
  __resolveReference: (representation, context) => ownJob(context, entityKey(representation, 'id')),
  createdAt: (row: JobTable) => row.created_at,
  finishedAt: (row: JobTable) => row.finished_at,
  result(row: JobTable, _args, context): Promise<CustomerOrderTable | null> | JobFailure | null {
    if (row.state === 'DONE') return ownOrder(context, row.order_id);
    if (row.state === 'FAILED') return { code: row.failure_code ?? '', message: row.failure_message ?? '' };
    return null;
  },
};

export const jobResult: TypeResolvers<OrdersTables> = {
  __resolveType: (result) => ('placed_at' in (result as CustomerOrderTable | JobFailure) ? 'Order' : 'JobFailure'),
};
