import { jobsSchemaOf } from '@weft/queue';
import { defineSubgraph } from '@weft/subgraph';
import { orders } from './database/migrations/0001-orders.ts';
import { jobs } from './database/migrations/0002-jobs.ts';
import { oldKeys } from './database/migrations/0003-old-keys.ts';
import { fulfilment } from './database/migrations/0004-fulfilment.ts';
import { ordersOnTheirWay } from './database/migrations/0005-orders-on-their-way.ts';
import type { OrdersTables } from './database/tables.ts';
import { job, jobFailure, jobProgress, jobResult, orderCanceled, outOfStock, paymentDeclined } from './entities/job.ts';
import { order, orderEvent, orderLine, orderPlaced, shipmentStep } from './entities/order.ts';
import { user } from './entities/user.ts';
import { paymentAnswered } from './events/payment-answered.ts';
import { ORDER_RESERVED, stockAnswered } from './events/stock-answered.ts';
import { ORDER_UNDONE } from './fulfilment/job-row.ts';
import { ORDER_PAID } from './fulfilment/note-payment.ts';
import { chargeOrder, startCharging } from './jobs/charge.ts';
import { ORDER_PLACED, reserveStock, startFulfilment } from './jobs/order-placed.ts';
import { shipping, startShipping } from './jobs/shipping.ts';
import { startUndoing, undoOrder } from './jobs/undo-order.ts';
import { jobById } from './loaders/job-by-id.ts';
import { linesByOrder } from './loaders/lines-by-order.ts';
import { orderById } from './loaders/order-by-id.ts';
import { ordersByUser } from './loaders/orders-by-user.ts';
import { priceByProduct } from './loaders/price-by-product.ts';
import { stepsByOrder } from './loaders/steps-by-order.ts';
import { cancelJob } from './operations/cancel-job.ts';
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
    Mutation: { placeOrder, cancelJob },
    Order: order,
    OrderLine: orderLine,
    OrderEvent: orderEvent,
    OrderPlaced: orderPlaced,
    ShipmentStep: shipmentStep,
    Job: job,
    JobProgress: jobProgress,
    JobResult: jobResult,
    JobFailure: jobFailure,
    OutOfStock: outOfStock,
    PaymentDeclined: paymentDeclined,
    OrderCanceled: orderCanceled,
    User: user,
  },
  migrations: [orders, jobs, oldKeys, fulfilment, ordersOnTheirWay],
  schemas: [jobsSchemaOf('orders')],
  loaders: [orderById, ordersByUser, linesByOrder, stepsByOrder, jobById, priceByProduct],
  oldRows: [{ table: 'orders.idempotency', column: 'created_at', days: 7 }],
  receives: { 'stock-answered': stockAnswered, 'payment-answered': paymentAnswered },
  relay: {
    [ORDER_PLACED]: startFulfilment,
    [ORDER_RESERVED]: startCharging,
    [ORDER_PAID]: startShipping,
    [ORDER_UNDONE]: startUndoing,
  },
  jobs: [reserveStock, chargeOrder, shipping, undoOrder],
});
