import type { Migration } from '@weft/database';

export const products: Migration = {
  name: '0001-products',
  statements: [
    `create table products.category (
       id bigint primary key,
       slug text not null unique,
       name text not null
     )`,
    // No foreign key to the category: reference rows arrive on each shard in their own time.
    `create table products.product (
       id bigint primary key,
       sku text not null,
       name text not null,
       description text not null,
       price_minor bigint not null check (price_minor >= 0),
       currency char(3) not null,
       weight_grams integer not null check (weight_grams > 0),
       category_id bigint not null,
       parcel_class text not null check (parcel_class in ('LETTER', 'PARCEL', 'BULKY', 'HAZARDOUS')),
       in_stock boolean not null
     )`,
    // Search: a category's products, cheapest first.
    'create index product_category_price on products.product (category_id, price_minor, id)',
    // The sku is unique in the whole marketplace, which no index of one shard can say: this table lies by the sku.
    `create table products.sku_lookup (
       sku text primary key,
       product_id bigint not null
     )`,
  ],
};
