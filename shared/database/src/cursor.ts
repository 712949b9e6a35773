import { GraphError } from '@weft/errors';
import type { Keyset, OrderValues } from './compile/keyset.ts';

/** Longer than any cursor that we make. */
const LONGEST = 512;

/** Opaque to clients: base64url of the loader's name and the row's place in its order. */
export function encodeCursor(loader: string, values: OrderValues): string {
  return Buffer.from(JSON.stringify([loader, ...values])).toString('base64url');
}

/** BAD_USER_INPUT for anything but a cursor of this loader. */
export function decodeCursor(loader: string, keyset: Keyset, cursor: string): OrderValues {
  const read = cursor.length <= LONGEST ? parse(cursor) : undefined;
  if (Array.isArray(read)) {
    const [, ...values] = read as unknown[];
    // Written back it must be the same text: then it is of this loader, and in the one spelling that base64url has for us.
    if (keyset.accepts(values) && encodeCursor(loader, values) === cursor) return values;
  }
  throw new GraphError('BAD_USER_INPUT', 'This cursor does not belong to this list.');
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
