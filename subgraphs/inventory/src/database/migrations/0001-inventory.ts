import type { Migration } from '@weft/database';

export const inventory: Migration = {
  name: '0001-inventory',
  statements: [
    `create table inventory.warehouse (
       id bigint primary key,
       name text not null,
       country char(2) not null
     )`,
    // The primary key is the access path: all warehouses of a product. No foreign key to the warehouse: reference rows
    // arrive on each shard in their own time.
    `create table inventory.stock (
       product_id bigint not null,
       warehouse_id bigint not null,
       quantity integer not null check (quantity >= 0),
       primary key (product_id, warehouse_id)
     )`,
  ],
};
