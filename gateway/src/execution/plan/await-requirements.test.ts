import { expect, test } from '@jest/globals';
import { Kind, parse, type SelectionSetNode } from 'graphql';
import { awaitRequirements } from './await-requirements.ts';
import type { DraftStep } from './draft-steps.ts';

function selections(text: string): SelectionSetNode {
  const [operation] = parse(text, { noLocation: true }).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(text);
  return operation.selectionSet;
}

const BASE = {
  type: 'query',
  operationName: undefined,
  variableDefinitions: [],
  place: [],
  when: [],
  renames: [],
} as const;

function fetchOf(brings: string, needs: readonly string[], after: readonly number[]): DraftStep {
  const requires = needs.map((name) => ({ kind: 'Field', name }) as const);
  const group = { selections: selections(brings), places: [['t']], requires, inputRewrites: [], renames: [] };
  return { ...BASE, subgraph: brings, roots: null, groups: [group], after };
}

const ROOT: DraftStep = { ...BASE, subgraph: 'root', roots: selections('{ t { id } }'), groups: [], after: [] };

test('a fetch waits for the one that brings what it requires', () => {
  const steps = awaitRequirements([ROOT, fetchOf('{ b }', ['id', 'a'], [0]), fetchOf('{ a }', ['id'], [0])]);
  expect(steps.map(({ subgraph, after }) => [subgraph, after])).toEqual([
    ['root', []],
    ['{ a }', [0]],
    ['{ b }', [0, 1]],
  ]);
});

test('a fetch that was put after those that need what it brings, without needing them, goes before them', () => {
  const steps = awaitRequirements([
    ROOT,
    fetchOf('{ a }', ['id'], [0]),
    fetchOf('{ c }', ['a', 'b'], [0, 1]),
    fetchOf('{ b }', ['id'], [0, 1, 2]),
    fetchOf('{ d }', ['c'], [0, 1, 2, 3]),
  ]);
  expect(steps.map(({ subgraph, after }) => [subgraph, after])).toEqual([
    ['root', []],
    ['{ a }', [0]],
    ['{ b }', [0, 1]],
    ['{ c }', [0, 1, 2]],
    ['{ d }', [0, 1, 2, 3]],
  ]);
});

test('a plan that is in order stays as it is, and so does one that cannot be', () => {
  const steps = [ROOT, fetchOf('{ a }', ['id'], [0]), fetchOf('{ b }', ['a'], [0, 1])];
  expect(awaitRequirements(steps)).toEqual(steps);
  const circle = [ROOT, fetchOf('{ a }', ['b'], [0, 2]), fetchOf('{ b }', ['id'], [0])].slice(0, 2);
  expect(awaitRequirements(circle)).toEqual(circle);
  const [, first, second] = awaitRequirements([ROOT, fetchOf('{ a }', ['b'], [0]), fetchOf('{ b }', ['a'], [0])]);
  expect([first?.after, second?.after]).toEqual([[0], [0, 1]]);
});
