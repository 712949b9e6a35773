import type { FieldResolver } from '@weft/subgraph';
import type { OrdersTables } from '../database/tables.ts';
import { ownJob } from '../entities/job.ts';
import { ownOrder } from '../entities/order.ts';

type Resolver = FieldResolver<OrdersTables>;

export const order: Resolver = (_root, { id }: { id: string }, context) => ownOrder(context, id);

export const job: Resolver = (_root, { id }: { id: string }, context) => ownJob(context, id);
