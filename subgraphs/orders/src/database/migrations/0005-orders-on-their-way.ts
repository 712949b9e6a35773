import type { Migration } from '@weft/database';

/**
 * Orders that the version before had placed, which knew no stock and no payment: their jobs go on with the shipping,
 * as they would have.
 */
export const ordersOnTheirWay: Migration = {
  name: '0005-orders-on-their-way',
  statements: [
    `update orders.job set steps_done = 2 + (select count(*) from orders.shipment_step s where s.order_id = job.order_id)
     where state in ('QUEUED', 'RUNNING') and steps_done = 0`,
  ],
};
