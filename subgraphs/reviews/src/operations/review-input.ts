import { GraphError } from '@weft/errors';
import { bucketOfId } from '@weft/ids';
import { checkIdempotencyKey } from '@weft/subgraph';

export interface ReviewInput {
  readonly productId: string;
  readonly rating: number;
  readonly title: string;
  readonly body: string;
}

export interface AddReviewArguments {
  readonly input: ReviewInput;
  readonly idempotencyKey: string;
}

const MAX_TITLE = 120;
const MAX_BODY = 5_000;

/** The input as it is written, and its bucket. Throws BAD_USER_INPUT for what could be no review of any product. */
export function checkReviewInput({ input, idempotencyKey }: AddReviewArguments): ReviewInput & { bucket: number } {
  checkIdempotencyKey(idempotencyKey);
  const { productId, rating } = input;
  const bucket = bucketOfProduct(productId);
  const title = input.title.trim();
  const body = input.body.trim();
  refuse(rating < 1 || rating > 5, 'rating is 1 to 5.');
  refuse(title === '' || lengthOf(title) > MAX_TITLE, `title is 1 to ${MAX_TITLE} characters.`);
  refuse(lengthOf(body) > MAX_BODY, `body is at most ${MAX_BODY} characters.`);
  // Postgres has no text with the character 0.
  refuse(`${title}${body}`.includes('\0'), 'title and body are text without the character U+0000.');
  return { productId, rating, title, body, bucket };
}

function bucketOfProduct(productId: string): number {
  try {
    return bucketOfId(productId);
  } catch (cause) {
    throw new GraphError('BAD_USER_INPUT', 'productId is not an id.', { cause });
  }
}

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new GraphError('BAD_USER_INPUT', message);
}

/** In characters as Postgres counts them: an emoji is one, though two units of a JavaScript string. */
function lengthOf(text: string): number {
  return [...text].length;
}
