import { ConstraintError } from '@weft/database';
import { GraphError } from '@weft/errors';
import { bucketOfId } from '@weft/ids';
import { type FieldResolver, requireUser, type SubgraphContext } from '@weft/subgraph';
import { type Kysely, sql } from 'kysely';
import type { ReviewsTables, ReviewTable } from '../database/tables.ts';
import { REVIEW_ADDED, type ReviewAdded } from '../jobs/list-review-by-author.ts';

interface AddReviewInput {
  readonly productId: string;
  readonly rating: number;
  readonly title: string;
  readonly body: string;
}

const MAX_TITLE = 120;
const MAX_BODY = 5_000;

/**
 * The review, the product's new rating and the event for the author's list are one statement on the product's shard:
 * all of them are there or none. Whether the product exists is not known here.
 */
export const addReview: FieldResolver<ReviewsTables> = async (_root, { input }: { input: AddReviewInput }, context) => {
  const { author, username } = authorOf(context);
  const bucket = bucketOfProduct(input.productId);
  const draft = { ...checked(input), author_id: author, author_username: username };
  try {
    return await write(context, { id: context.ids.next(bucket), ...draft });
  } catch (error) {
    // Two processes made the same id in the same millisecond.
    if (!(error instanceof ConstraintError && error.constraint === 'review_pkey')) throw error;
    return write(context, { id: context.ids.next(bucket), ...draft });
  }
};

type Draft = Omit<ReviewTable, 'created_at'>;

async function write({ session }: SubgraphContext<ReviewsTables>, draft: Draft): Promise<ReviewTable | undefined> {
  const event: ReviewAdded = { reviewId: draft.id, authorId: draft.author_id };
  const [row] = await session.write({
    at: { id: draft.id },
    name: 'addReview',
    statement: (db) => insertReview(db, draft),
    events: [{ topic: REVIEW_ADDED, payload: { ...event } }],
    invalidates: [`Product:${draft.product_id}`, `Review:${draft.id}`],
  });
  return row;
}

function insertReview(db: Kysely<ReviewsTables>, draft: Draft) {
  return db
    .with('added', (query) =>
      query
        .insertInto('reviews.review')
        .values({ ...draft, created_at: sql<string>`now()` })
        .returningAll(),
    )
    .with('rated', (query) =>
      query
        .insertInto('reviews.product_rating')
        .columns(['product_id', 'rating_sum', 'review_count'])
        .expression((from) => from.selectFrom('added').select(['product_id', 'rating', sql.lit(1).as('review_count')]))
        .onConflict((conflict) =>
          conflict.column('product_id').doUpdateSet({
            rating_sum: sql`product_rating.rating_sum + excluded.rating_sum`,
            review_count: sql`product_rating.review_count + 1`,
          }),
        ),
    )
    .selectFrom('added')
    .selectAll();
}

function authorOf(context: SubgraphContext<ReviewsTables>): { author: string; username: string } {
  const { subject, username } = requireUser(context);
  if (username === undefined) {
    throw new GraphError('UNAUTHENTICATED', 'The token does not say the username that a review is signed with.');
  }
  return { author: subject, username };
}

function bucketOfProduct(productId: string): number {
  try {
    return bucketOfId(productId);
  } catch (cause) {
    throw new GraphError('BAD_USER_INPUT', 'productId is not an id.', { cause });
  }
}

function checked(input: AddReviewInput): Pick<Draft, 'product_id' | 'rating' | 'title' | 'body'> {
  const { productId, rating } = input;
  const title = input.title.trim();
  const body = input.body.trim();
  refuse(rating < 1 || rating > 5, 'rating is 1 to 5.');
  refuse(title === '' || lengthOf(title) > MAX_TITLE, `title is 1 to ${MAX_TITLE} characters.`);
  refuse(lengthOf(body) > MAX_BODY, `body is at most ${MAX_BODY} characters.`);
  // Postgres has no text with the character 0.
  refuse(`${title}${body}`.includes('\0'), 'title and body are text without the character U+0000.');
  return { product_id: productId, rating, title, body };
}

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new GraphError('BAD_USER_INPUT', message);
}

/** In characters as Postgres counts them: an emoji is one, though two units of a JavaScript string. */
function lengthOf(text: string): number {
  return [...text].length;
}
