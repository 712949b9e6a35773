import { expect, test } from '@jest/globals';
import { entityOf } from './entity-of.ts';

test.each([
  ['wishlists', 'Wishlist'],
  ['categories', 'Category'],
  ['addresses', 'Address'],
  ['boxes', 'Box'],
  ['batches', 'Batch'],
  ['purchases', 'Purchase'],
  ['prices', 'Price'],
  ['sizes', 'Size'],
  ['stages', 'Stage'],
  ['status', 'Status'],
  ['statuses', 'Status'],
  ['caches', 'Cache'],
  ['basis', 'Basis'],
  ['news', 'News'],
  ['movies', 'Movie'],
  ['shipping', 'Shipping'],
  ['x1', 'X1'],
])('the entity of the subgraph %s is %s', (subgraph, entity) => {
  expect(entityOf(subgraph)).toBe(entity);
});
