import type { Migration } from '@weft/database';

export const reservations: Migration = {
  name: '0002-reservations',
  statements: [
    // What an order holds of a product, in the bucket of the product. A row that was released before it was reserved
    // says that the order is over: whatever comes late finds it.
    `create table inventory.reservation (
       product_id bigint not null,
       order_id bigint not null,
       state text not null check (state in ('RESERVED', 'REFUSED', 'RELEASED')),
       at timestamptz not null,
       primary key (product_id, order_id)
     )`,
    // From which warehouse how much.
    `create table inventory.reserved_stock (
       product_id bigint not null,
       order_id bigint not null,
       warehouse_id bigint not null,
       quantity integer not null check (quantity > 0),
       primary key (product_id, order_id, warehouse_id)
     )`,
  ],
};
