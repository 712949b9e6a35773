import { byText, defineRowLoader } from '@weft/database';
import type { AccountsTables } from '../database/tables.ts';

/** The lookup lies in the bucket of the username, the account in its own: two steps, each on one shard a key. */
export const accountIdByUsername = defineRowLoader<AccountsTables>()({
  name: 'accountIdByUsername',
  route: byText,
  statement: (db, keys) =>
    db.selectFrom('accounts.username_lookup').select(['username', 'user_id']).where('username', '=', keys.any()),
  keyOf: (row) => row.username,
});
