import { toConnection } from '@weft/database';
import { bucketOfId } from '@weft/ids';
import { entityKey, requireSelf, type TypeResolvers } from '@weft/subgraph';
import type { OrdersTables } from '../database/tables.ts';
import { ordersByUser } from '../loaders/orders-by-user.ts';

/** All that this subgraph knows of a user. */
interface User {
  readonly id: string;
}

interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

export const user: TypeResolvers<OrdersTables> = {
  __resolveReference: (representation): User => toUser(entityKey(representation, 'id')),
  async orders({ id }: User, { first, after }: PageArguments, context) {
    requireSelf(context, id);
    return toConnection(await context.session.top(ordersByUser, { parent: id, first, after }), (row) => row);
  },
};

/** A malformed id fails here and once, not in each field. */
function toUser(id: string): User {
  bucketOfId(id);
  return { id };
}
