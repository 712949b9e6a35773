/** The marketplace's tables as the seed needs them: column names and keys, all schemas in one database. */
export const TABLES = `
create schema accounts; create schema products; create schema inventory; create schema reviews; create schema orders;

create table accounts.account (id bigint primary key, username text not null, name text not null, email text not null,
  member_since timestamptz not null);
create table accounts.address (id bigint primary key, user_id bigint not null references accounts.account (id),
  label text not null, street text not null, city text not null, postal_code text not null, country char(2) not null);
create table accounts.username_lookup (username text primary key, user_id bigint not null);

create table products.category (id bigint primary key, slug text not null unique, name text not null);
create table products.product (id bigint primary key, sku text not null, name text not null, description text not null,
  price_minor bigint not null check (price_minor >= 0), currency char(3) not null,
  weight_grams integer not null check (weight_grams > 0), category_id bigint not null,
  parcel_class text not null check (parcel_class in ('LETTER', 'PARCEL', 'BULKY', 'HAZARDOUS')),
  in_stock boolean not null);
create table products.sku_lookup (sku text primary key, product_id bigint not null);

create table inventory.warehouse (id bigint primary key, name text not null, country char(2) not null);
create table inventory.stock (product_id bigint, warehouse_id bigint, quantity integer not null check (quantity >= 0),
  primary key (product_id, warehouse_id));

create table reviews.review (id bigint primary key, product_id bigint not null, author_id bigint not null,
  author_username text not null, rating smallint not null check (rating between 1 and 5),
  title text not null check (length(title) between 1 and 120), body text not null check (length(body) <= 5000),
  created_at timestamptz not null);
create index on reviews.review (product_id, id desc);
create table reviews.product_rating (product_id bigint primary key, rating_sum bigint not null,
  review_count bigint not null);
create table reviews.review_by_author (author_id bigint, review_id bigint, primary key (author_id, review_id));

create table orders.customer_order (id bigint primary key, user_id bigint not null, status text not null,
  placed_at timestamptz not null, total_minor bigint not null, currency char(3) not null);
create table orders.order_line (order_id bigint, line_no integer, product_id bigint not null, quantity integer not null,
  unit_price_minor bigint not null, currency char(3) not null, primary key (order_id, line_no));
create table orders.shipment_step (order_id bigint, status text, at timestamptz not null, primary key (order_id, status));
create table orders.price (product_id bigint primary key, price_minor bigint not null, currency char(3) not null);
create table orders.job (id bigint primary key, user_id bigint not null);
create table orders.idempotency (user_id bigint, key text, primary key (user_id, key));
`;
