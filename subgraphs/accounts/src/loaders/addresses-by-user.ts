import { byId, defineListLoader } from '@weft/database';
import type { AccountsTables } from '../database/tables.ts';

/** In the order they were added. */
export const addressesByUser = defineListLoader<AccountsTables>()({
  name: 'addressesByUser',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('accounts.address')
      .select(['id', 'user_id', 'label', 'street', 'city', 'postal_code', 'country'])
      .where('user_id', '=', keys.any())
      .orderBy('user_id')
      .orderBy('id'),
  parentOf: (row) => row.user_id,
  max: 20,
  tag: 'User',
});
