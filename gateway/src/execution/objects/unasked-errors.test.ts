import { expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { buildSchema, Kind, parse } from 'graphql';
import type { PlanStep } from '../plan/steps.ts';
import { type Data, FAILED } from './data.ts';
import { ErrorList } from './error-list.ts';
import { objectShape } from './shapes.ts';
import { dropUnasked } from './unasked-errors.ts';

const SCHEMA = buildSchema(`
  type Query { media: [Media] }
  interface Media { id: ID title: String cover: String }
  type Book implements Media { id: ID title: String cover: String }
  type Song implements Media { id: ID title: String cover: String }
`);

/** The paths that are still told, of errors at these. `requires`: what later steps are made of. */
function told(media: readonly Data[], paths: readonly string[], requires: readonly string[] = []): string[] {
  const [operation] = parse('{ media { title ... on Song { cover } } }').definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('no operation');
  const shape = objectShape('Query', [operation.selectionSet], {
    schema: SCHEMA,
    fragments: new Map(),
    isTrue: () => true,
  });
  const errors = new ErrorList();
  for (const path of paths) {
    const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    errors.add(new GraphError('DOWNSTREAM_SERVICE_ERROR', 'x'), keys);
  }
  const group = { places: [['media', '@']], requires: requires.map((name) => ({ kind: 'Field', name })) };
  const steps = [{ groups: [group] }] as unknown as readonly PlanStep[];
  dropUnasked(errors, { root: { media }, shape, steps });
  return errors.paths().map((path) => path.join('.'));
}

const BOOK = { __typename: 'Book', title: 'Weft', cover: FAILED };

test('an error of a field that is selected for another type alone is dropped', () => {
  const song = { __typename: 'Song', title: 'Loom', cover: FAILED };
  expect(told([BOOK, song], ['media.0.cover', 'media.1.cover'])).toEqual(['media.1.cover']);
});

test('it stays when something else was needed for it, or when it is the reason of a null', () => {
  expect(told([BOOK], ['media.0.cover'], ['cover'])).toEqual(['media.0.cover']);
  const lost = { __typename: 'Book', title: FAILED, cover: FAILED };
  expect(told([lost], ['media.0.cover'])).toEqual(['media.0.cover']);
  expect(told([lost], ['media.0.cover', 'media.0.title'])).toEqual(['media.0.title']);
});

test('what leaves the data that is known stays', () => {
  const paths = ['media.0', 'media.1.cover', 'media.0.title.x', 'media.5.cover', 'elsewhere'];
  expect(told([BOOK], paths).sort()).toEqual(['media.0', 'media.0.title.x', 'media.1.cover', 'media.5.cover']);
});
