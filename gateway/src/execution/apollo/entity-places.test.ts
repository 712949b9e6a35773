import { expect, test } from '@jest/globals';
import { entityPlaces, pathsOfRepresentations } from './entity-places.ts';

const roots = [
  { me: { __typename: 'User', id: 'u' } },
  {
    shelf: [
      { items: [{ __typename: 'Book', id: '1' }, null, { __typename: 'Tool', id: '2' }] },
      { items: null },
      { items: [[{ __typename: 'Book', id: '1' }], { __typename: 'Book', id: '4', key: { a: 1, b: [2] } }] },
    ],
  },
];
const paths = (path: readonly string[], representations: readonly unknown[]) =>
  pathsOfRepresentations(entityPlaces(roots, path), representations);

test('objects are found through lists, over nulls, in the order of the answer', () => {
  expect(entityPlaces(roots, ['shelf', '@', 'items', '@']).map(({ path }) => path.join('.'))).toEqual([
    'shelf.0.items.0',
    'shelf.0.items.2',
    'shelf.2.items.1',
  ]);
  expect(entityPlaces(roots, ['me']).map(({ path }) => path)).toEqual([['me']]);
  expect(entityPlaces(roots, ['none'])).toEqual([]);
});

test('a representation is found again where other types stand between', () => {
  const items = ['shelf', '@', 'items', '@'];
  expect(
    paths(items, [
      { __typename: 'Book', id: '1' },
      { __typename: 'Book', id: '4', key: { a: 1 } },
    ]),
  ).toEqual([
    ['shelf', 0, 'items', 0],
    ['shelf', 2, 'items', 1],
  ]);
  expect(paths(items, [{ __typename: 'Tool', id: '2' }])).toEqual([['shelf', 0, 'items', 2]]);
});

test('an interface object is sent under a name that no object has', () => {
  expect(paths(['me'], [{ __typename: 'Node', id: 'u' }])).toEqual([['me']]);
});

test('lists that do not fit together give no paths rather than wrong ones', () => {
  expect(paths(['me'], [{ __typename: 'User', id: 'other' }])).toBeUndefined();
  expect(
    paths(
      ['me'],
      [
        { __typename: 'User', id: 'u' },
        { __typename: 'User', id: 'u' },
      ],
    ),
  ).toBeUndefined();
  expect(paths(['me'], ['x'])).toBeUndefined();
});
