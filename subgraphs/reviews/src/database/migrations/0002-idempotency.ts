import type { Migration } from '@weft/database';

/** Beside the reviews, since a key is claimed in the statement that writes one. */
export const idempotency: Migration = {
  name: '0002-idempotency',
  statements: [
    `create table reviews.idempotency (
       product_id bigint not null,
       author_id bigint not null,
       key text not null,
       request_hash text not null,
       review_id bigint not null,
       created_at timestamptz not null,
       primary key (product_id, author_id, key)
     )`,
    // Old keys are deleted by age.
    'create index idempotency_created_at on reviews.idempotency (created_at)',
  ],
};
