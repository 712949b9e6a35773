import { jobsSchemaOf } from '@weft/queue';
import { defineSubgraph } from '@weft/subgraph';
import { orders } from './database/migrations/0001-orders.ts';
import { jobs } from './database/migrations/0002-jobs.ts';
import { oldKeys } from './database/migrations/0003-old-keys.ts';
import type { OrdersTables } from './database/tables.ts';
import { job, jobResult } from './entities/job.ts';
import { order, orderEvent, orderLine, orderPlaced, shipmentStep } from './entities/order.ts';
import { user } from './entities/user.ts';
import { ORDER_PLACED, startShipping } from './jobs/order-placed.ts';
import { shipping } from './jobs/shipping.ts';
import { jobById } from './loaders/job-by-id.ts';
import { linesByOrder } from './loaders/lines-by-order.ts';
import { orderById } from './loaders/order-by-id.ts';
import { ordersByUser } from './loaders/orders-by-user.ts';
import { priceByProduct } from './loaders/price-by-product.ts';
import { stepsByOrder } from './loaders/steps-by-order.ts';
import * as lookups from './operations/lookups.ts';
import { placeOrder } from './operations/place-order.ts';

/**
 * What was bought: Order and Job, and what they add to User. An order with all that hangs on it lies in the bucket of its
 * user; the worker ships it.
 */
export const subgraph = defineSubgraph<OrdersTables>({
  name: 'orders',
  directory: new URL('..', import.meta.url),
  resolvers: {
    Query: { ...lookups },
    Mutation: { placeOrder },
    Order: order,
    OrderLine: orderLine,
    OrderEvent: orderEvent,
    OrderPlaced: orderPlaced,
    ShipmentStep: shipmentStep,
    Job: job,
    JobResult: jobResult,
    User: user,
  },
  migrations: [orders, jobs, oldKeys],
  schemas: [jobsSchemaOf('orders')],
  loaders: [orderById, ordersByUser, linesByOrder, stepsByOrder, jobById, priceByProduct],
  oldRows: [{ table: 'orders.idempotency', column: 'created_at', days: 7 }],
  relay: { [ORDER_PLACED]: startShipping },
  jobs: [shipping],
});
