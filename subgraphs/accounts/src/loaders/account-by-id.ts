import { byId, defineRowLoader } from '@weft/database';
import type { AccountsTables } from '../database/tables.ts';

export const accountById = defineRowLoader<AccountsTables>()({
  name: 'accountById',
  route: byId,
  statement: (db, keys) =>
    db
      .selectFrom('accounts.account')
      .select(['id', 'username', 'name', 'email', 'member_since'])
      .where('id', '=', keys.any()),
  keyOf: (row) => row.id,
  cache: { tag: 'User', ttlMs: 60_000 },
});
