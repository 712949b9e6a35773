import { isId } from '@weft/ids';
import { type FieldResolver, requireUser } from '@weft/subgraph';
import type { AccountsTables } from '../database/tables.ts';
import { loadByUsername } from '../entities/user.ts';
import { accountById } from '../loaders/account-by-id.ts';

type Resolver = FieldResolver<AccountsTables>;

/** Null when the subject of the token is nobody here: another issuer's subjects need not be ids. */
export const me: Resolver = (_root, _args, context) => {
  const { subject } = requireUser(context);
  return isId(subject) ? context.session.load(accountById, subject) : null;
};

export const user: Resolver = (_root, { id }: { id: string }, { session }) => session.load(accountById, id);

export const userByUsername: Resolver = (_root, { username }: { username: string }, context) =>
  loadByUsername(context, username);
