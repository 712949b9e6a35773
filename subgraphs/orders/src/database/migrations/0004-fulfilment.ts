import type { Migration } from '@weft/database';
import { jobsSchemaOf, queueStatements } from '@weft/queue';

/** What an order needs on its way over inventory and payments. */
export const fulfilment: Migration = {
  name: '0004-fulfilment',
  statements: [
    'alter table orders.customer_order drop constraint customer_order_status_check',
    `alter table orders.customer_order add constraint customer_order_status_check
       check (status in ('PLACED', 'PICKED', 'PACKED', 'SHIPPED', 'CANCELED'))`,
    'alter table orders.job drop constraint job_state_check',
    `alter table orders.job add constraint job_state_check
       check (state in ('QUEUED', 'RUNNING', 'COMPENSATING', 'DONE', 'FAILED', 'CANCELED'))`,
    // Of the five steps: reserved, charged, picked, packed, shipped.
    'alter table orders.job add column steps_done smallint not null default 0 check (steps_done between 0 and 5)',
    `update orders.job set steps_done = 5 where state = 'DONE'`,
    // The payment provider names the order.
    'create index job_order on orders.job (order_id)',
    // What inventory said; null until it has.
    'alter table orders.order_line add column reserved boolean',
    ...['reserve-stock', 'charge', 'undo-order'].flatMap((job) => queueStatements(jobsSchemaOf('orders'), job)),
  ],
};
