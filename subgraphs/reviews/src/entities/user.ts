import { type Connection, toConnection } from '@weft/database';
import { bucketOfId } from '@weft/ids';
import { entityKey, type SubgraphContext, type TypeResolvers } from '@weft/subgraph';
import type { ReviewsTables, ReviewTable } from '../database/tables.ts';
import { reviewById } from '../loaders/review-by-id.ts';
import { reviewIdsByAuthor } from '../loaders/review-ids-by-author.ts';

/** `username` is there when a review provides it. */
interface User {
  readonly id: string;
  readonly username?: string;
}

interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

export const user: TypeResolvers<ReviewsTables> = {
  __resolveReference: (representation): User => toUser(entityKey(representation, 'id')),
  reviews: ({ id }: User, args: PageArguments, { session }) => reviewsByAuthor(session, id, args),
};

function toUser(id: string): User {
  bucketOfId(id);
  return { id };
}

/**
 * A page of ids from the author's shard, then the rows by id from the shards of their products. A row whose shard is down
 * is an error at its own edge; one that is gone has no edge, so a page may be shorter than was asked for.
 */
async function reviewsByAuthor(
  session: SubgraphContext<ReviewsTables>['session'],
  author: string,
  { first, after }: PageArguments,
): Promise<Connection<ReviewTable | Error>> {
  const page = await session.top(reviewIdsByAuthor, { parent: author, first, after });
  const rows = await session.loadMany(
    reviewById,
    page.rows.map(({ review_id }) => review_id),
  );
  const found = new Map(page.rows.map((row, index) => [row, rows[index] ?? null]));
  const connection = toConnection(page, (row) => found.get(row) ?? null);
  return { ...connection, edges: connection.edges.filter(hasNode) };
}

function hasNode<Node>(edge: { cursor: string; node: Node | null }): edge is { cursor: string; node: Node } {
  return edge.node !== null;
}
