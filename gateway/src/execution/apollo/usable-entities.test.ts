import { expect, test } from '@jest/globals';
import { buildSchema } from 'graphql';
import { usableEntities } from './usable-entities.ts';

const schema = buildSchema(
  'type Query { m: Media } interface Media { id: ID } type Book implements Media { id: ID } type Tool { id: ID }',
);
const read = (entities: unknown, ...asked: string[]) =>
  usableEntities(
    { data: { _entities: entities }, errors: [] },
    asked.map((__typename) => ({ __typename, id: '1' })),
    { subgraph: 's', schema: () => schema },
  );

test('the name of an interface does not replace that of a type', () => {
  expect(read([{ __typename: 'Media', score: 1 }], 'Media').data).toEqual({ _entities: [{ score: 1 }] });
});

test('a member of the interface asked for says more, and stays', () => {
  const entity = { __typename: 'Book', title: 'x' };
  expect(read([entity], 'Media')).toEqual({ data: { _entities: [entity] }, errors: [] });
  expect(read([{ __typename: 'HiddenMember' }], 'Media').errors).toEqual([]);
});

test('anything else is not merged', () => {
  const { data, errors } = read(
    [{ __typename: 'Tool' }, { __typename: 'Book' }, { __typename: 7 }, null, { title: 'x' }],
    'Media',
    'Tool',
    'Book',
    'Book',
    'Book',
  );
  expect(data).toEqual({ _entities: [null, null, null, null, { title: 'x' }] });
  expect(errors.map(({ path }) => path)).toEqual([0, 1, 2].map((index) => ['_entities', index]));
});
