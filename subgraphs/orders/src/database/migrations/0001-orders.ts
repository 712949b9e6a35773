import type { Migration } from '@weft/database';

export const orders: Migration = {
  name: '0001-orders',
  statements: [
    `create table orders.customer_order (
       id bigint primary key,
       user_id bigint not null,
       status text not null check (status in ('PLACED', 'PICKED', 'PACKED', 'SHIPPED')),
       placed_at timestamptz not null,
       total_minor bigint not null check (total_minor >= 0),
       currency char(3) not null
     )`,
    // User.orders: newest first. Ids of one bucket grow with time, so their order is the order of placing.
    'create index customer_order_user on orders.customer_order (user_id, id desc)',
    `create table orders.order_line (
       order_id bigint not null,
       line_no smallint not null,
       product_id bigint not null,
       quantity smallint not null check (quantity between 1 and 99),
       unit_price_minor bigint not null check (unit_price_minor >= 0),
       currency char(3) not null,
       primary key (order_id, line_no)
     )`,
    `create table orders.shipment_step (
       order_id bigint not null,
       status text not null check (status in ('PICKED', 'PACKED', 'SHIPPED')),
       at timestamptz not null,
       primary key (order_id, status)
     )`,
    `create table orders.job (
       id bigint primary key,
       user_id bigint not null,
       order_id bigint not null,
       state text not null check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
       created_at timestamptz not null,
       finished_at timestamptz,
       failure_code text,
       failure_message text
     )`,
    `create table orders.idempotency (
       user_id bigint not null,
       key text not null,
       request_hash text not null,
       job_id bigint not null,
       created_at timestamptz not null,
       primary key (user_id, key)
     )`,
    `create table orders.price (
       product_id bigint primary key,
       price_minor bigint not null check (price_minor >= 0),
       currency char(3) not null
     )`,
  ],
};
