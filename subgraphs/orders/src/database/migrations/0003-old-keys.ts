import type { Migration } from '@weft/database';

/** Old keys are deleted by age. */
export const oldKeys: Migration = {
  name: '0003-old-keys',
  statements: ['create index idempotency_created_at on orders.idempotency (created_at)'],
};
