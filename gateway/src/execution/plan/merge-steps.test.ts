import { expect, test } from '@jest/globals';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { DraftStep } from './draft-steps.ts';
import { mergeSteps } from './merge-steps.ts';
import { printSteps } from './print-steps.ts';
import type { Place } from './steps.ts';

function selections(text: string): SelectionSetNode {
  const [operation] = parse(text, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(text);
  return operation.selectionSet;
}

const BASE = { type: 'query', operationName: 'Q', variableDefinitions: [], place: [], when: [], renames: [] } as const;
const KEY = [
  {
    kind: 'InlineFragment',
    typeCondition: 'T',
    selections: [
      { kind: 'Field', name: '__typename' },
      { kind: 'Field', name: 'id' },
    ],
  },
] as const;

function roots(subgraph: string, text: string, after: readonly number[] = []): DraftStep {
  return { ...BASE, subgraph, roots: selections(text), groups: [], after };
}

function entities(
  subgraph: string,
  place: Place,
  { text, after, ...other }: { text: string; after: readonly number[] } & Partial<DraftStep>,
): DraftStep {
  const group = { selections: selections(text), places: [place], requires: KEY, inputRewrites: [], renames: [] };
  return { ...BASE, subgraph, roots: null, groups: [group], after, ...other };
}

function merged(drafts: readonly DraftStep[]) {
  return printSteps(mergeSteps(drafts)).map(({ subgraph, operation, after, groups }) => ({
    subgraph,
    operation,
    after,
    places: groups?.map(({ places }) => places.map((place) => place.join('.'))),
  }));
}

test('fetches of one wave that ask the same of different places share one list of entities', () => {
  const steps = merged([
    roots('a', '{ x { id } y { id } }'),
    entities('b', ['x'], { text: '{ ... on T { n } }', after: [0] }),
    entities('b', ['y'], { text: '{ ... on T { n } }', after: [0] }),
  ]);
  expect(steps).toHaveLength(2);
  expect(steps[1]).toEqual({
    subgraph: 'b',
    operation: 'query Q__m1($representations:[_Any!]!){_entities(representations:$representations){...on T{n}}}',
    after: [0],
    places: [['x', 'y']],
  });
});

test('what asks differently is one request of several lists', () => {
  const [, step] = merged([
    roots('a', '{ x { id } y { id } }'),
    entities('b', ['x'], { text: '{ ... on T { n } }', after: [0] }),
    entities('b', ['y'], { text: '{ ... on T { m } }', after: [0] }),
  ]);
  expect(step?.operation).toBe(
    'query Q__m1($r0:[_Any!]!$r1:[_Any!]!){e0:_entities(representations:$r0){...on T{n}} e1:_entities(representations:$r1){...on T{m}}}',
  );
});

test('fetches of the same objects become one selection, unless a name would stand for two fields', () => {
  const at = (text: string) => entities('b', ['x'], { text, after: [0] });
  const root = roots('a', '{ x { id } }');
  const [, together] = merged([root, at('{ ... on T { n { a } } }'), at('{ ... on T { n { b } m } }')]);
  expect(together?.operation).toContain('{...on T{n{a b}m}}');
  const [, apart] = merged([root, at('{ ... on T { n(i: 1) } }'), at('{ ... on T { n(i: 2) } }')]);
  expect(apart?.places).toEqual([['x'], ['x']]);
});

test('a fetch that nothing waits for joins a later one, and one that others wait for does not', () => {
  const drafts = [
    roots('a', '{ x { id } }'),
    entities('b', ['x'], { text: '{ ... on T { n } }', after: [0] }),
    entities('c', ['x'], { text: '{ ... on T { t { id } } }', after: [0] }),
    entities('b', ['x', 't'], { text: '{ ... on T { n } }', after: [0, 2] }),
  ];
  expect(merged(drafts).map(({ subgraph, after }) => [subgraph, after])).toEqual([
    ['a', []],
    ['c', [0]],
    ['b', [0, 1]],
  ]);
  const last = entities('d', ['x'], { text: '{ ... on T { z } }', after: [0, 1] });
  expect(merged([...drafts, last]).map(({ subgraph }) => subgraph)).toEqual(['a', 'b', 'c', 'b', 'd']);
});

test('fetches under different conditions, and those of mutations, stay as they are', () => {
  const one = entities('b', ['x'], { text: '{ ... on T { n } }', after: [0] });
  const other = { ...one, when: [{ variable: 'v', is: true }] };
  expect(mergeSteps([roots('a', '{ x { id } }'), one, other])).toHaveLength(3);
  const drafts = [{ ...roots('a', '{ x { id } }'), type: 'mutation' as const }, one, one];
  expect(mergeSteps(drafts)).toEqual(drafts);
});
