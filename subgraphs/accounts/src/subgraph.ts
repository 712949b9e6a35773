import { defineSubgraph } from '@weft/subgraph';
import { accounts } from './database/migrations/0001-accounts.ts';
import type { AccountsTables } from './database/tables.ts';
import { address, user } from './entities/user.ts';
import { accountById } from './loaders/account-by-id.ts';
import { accountIdByUsername } from './loaders/account-id-by-username.ts';
import { addressesByUser } from './loaders/addresses-by-user.ts';
import * as users from './operations/users.ts';

/** Who buys and writes: User by id and by username, and a user's own addresses. A user lies in the bucket of their id. */
export const subgraph = defineSubgraph<AccountsTables>({
  name: 'accounts',
  directory: new URL('..', import.meta.url),
  resolvers: {
    Query: { ...users },
    User: user,
    Address: address,
  },
  migrations: [accounts],
  loaders: [accountById, accountIdByUsername, addressesByUser],
});
