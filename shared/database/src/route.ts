import { GraphError } from '@weft/errors';
import { bucketOfId, bucketOfText } from '@weft/ids';

/** How the key of a loader finds its bucket, and as which type the keys travel to Postgres. */
export interface Route {
  readonly sqlType: 'bigint' | 'text';
  /** BAD_USER_INPUT when the key is not one. */
  bucketOf(key: string): number;
  /** One parameter for all keys, as Postgres reads an array. */
  toArray(keys: readonly string[]): unknown;
}

/** Keys are ids: the bucket is inside. */
export const byId: Route = {
  sqlType: 'bigint',
  bucketOf: bucketOfId,
  // Ids are digits only, so the array literal needs no quoting; pg would quote every element.
  toArray: (keys) => `{${keys.join(',')}}`,
};

/** Keys are natural keys (a username, a sku): the bucket is a hash of the text. */
export const byText: Route = {
  sqlType: 'text',
  bucketOf(key) {
    // No text of Postgres holds one, and it would fail the whole batch.
    if (key.includes('\0')) throw new GraphError('BAD_USER_INPUT', 'This is not a key.');
    return bucketOfText(key);
  },
  toArray: (keys) => keys,
};
