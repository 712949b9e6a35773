import { entityKey, requireSelf, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { AccountsTables, AccountTable, AddressTable } from '../database/tables.ts';
import { accountById } from '../loaders/account-by-id.ts';
import { accountIdByUsername } from '../loaders/account-id-by-username.ts';
import { addressesByUser } from '../loaders/addresses-by-user.ts';

type Context = SubgraphContext<AccountsTables>;

export const user: TypeResolvers<AccountsTables> = {
  __resolveReference: (representation, { session }) => session.load(accountById, entityKey(representation, 'id')),
  memberSince: (row: AccountTable) => row.member_since,
  email(row: AccountTable, _args, context) {
    requireSelf(context, row.id);
    return row.email;
  },
  addresses(row: AccountTable, _args, context) {
    requireSelf(context, row.id);
    return context.session.list(addressesByUser, row.id);
  },
};

export const address: TypeResolvers<AccountsTables> = {
  postalCode: (row: AddressTable) => row.postal_code,
};

/** Null when nobody has the username now. */
export async function loadByUsername({ session }: Context, username: string): Promise<AccountTable | null> {
  const lookup = await session.load(accountIdByUsername, username);
  if (lookup === null) return null;
  const row = await session.load(accountById, lookup.user_id);
  // The lookup is on another shard than the account, so it may be a moment behind it.
  return row?.username === username ? row : null;
}
