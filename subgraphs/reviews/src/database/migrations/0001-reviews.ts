import type { Migration } from '@weft/database';

export const reviews: Migration = {
  name: '0001-reviews',
  statements: [
    `create table reviews.review (
       id bigint primary key,
       product_id bigint not null,
       author_id bigint not null,
       author_username text not null,
       rating smallint not null check (rating between 1 and 5),
       title text not null check (length(title) between 1 and 120),
       body text not null check (length(body) <= 5000),
       created_at timestamptz not null
     )`,
    // Product.reviews: newest first. Ids of one bucket grow with time, so their order is the order of writing.
    'create index review_product on reviews.review (product_id, id desc)',
    `create table reviews.product_rating (
       product_id bigint primary key,
       rating_sum bigint not null,
       review_count bigint not null
     )`,
    // User.reviews: reviews lie with their products on all shards, their ids by author lie with the author.
    `create table reviews.review_by_author (
       author_id bigint not null,
       review_id bigint not null,
       primary key (author_id, review_id)
     )`,
  ],
};
