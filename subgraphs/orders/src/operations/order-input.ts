import { GraphError } from '@weft/errors';
import { isId } from '@weft/ids';
import { checkIdempotencyKey, hashOfRequest } from '@weft/subgraph';

export interface OrderLineInput {
  readonly productId: string;
  readonly quantity: number;
}

export interface PlaceOrderArguments {
  readonly input: { readonly lines: readonly OrderLineInput[] };
  readonly idempotencyKey: string;
}

const MAX_LINES = 100;
const MAX_QUANTITY = 99;

/** Throws BAD_USER_INPUT for input that could not be an order, whatever is in the database. Lines are named from 1 on. */
export function checkOrderInput({ input, idempotencyKey }: PlaceOrderArguments): void {
  checkIdempotencyKey(idempotencyKey);
  const { lines } = input;
  if (lines.length < 1 || lines.length > MAX_LINES) throw refusal(`An order has 1 to ${MAX_LINES} lines.`);
  const firstLineOf = new Map<string, number>();
  for (const [index, { productId, quantity }] of lines.entries()) {
    if (!isId(productId)) throw refuseLine(index, 'productId is not an id.');
    if (quantity < 1 || quantity > MAX_QUANTITY) throw refuseLine(index, `quantity is 1 to ${MAX_QUANTITY}.`);
    const before = firstLineOf.get(productId);
    if (before !== undefined) throw refuseLine(index, `the product is in line ${before + 1} already.`);
    firstLineOf.set(productId, index);
  }
}

/** BAD_USER_INPUT about one line; `line` in the extensions counts from 1. */
export function refuseLine(index: number, reason: string): GraphError {
  return new GraphError('BAD_USER_INPUT', `Line ${index + 1}: ${reason}`, { extensions: { line: index + 1 } });
}

export function refusal(message: string): GraphError {
  return new GraphError('BAD_USER_INPUT', message);
}

/** The same for two inputs that ask for the same order: what a key is bound to. */
export function hashOfInput(lines: readonly OrderLineInput[]): string {
  return hashOfRequest(lines.map(({ productId, quantity }) => [productId, quantity]));
}
