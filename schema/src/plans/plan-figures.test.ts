import { expect, test } from '@jest/globals';
import type { PlannedFetch, PlannedStep } from '@weft/supergraph';
import { shapeOf } from './plan-changes.ts';
import { planFigures } from './plan-figures.ts';

const fetch = (subgraph: string, ...fields: readonly string[]): PlannedFetch => ({
  kind: 'fetch',
  subgraph,
  operation: '{ a }',
  path: fields.length === 0 ? [] : ['a', '@'],
  entities: fields.length === 0 ? [] : [{ type: 'T', fields }],
});
const sequence = (...steps: readonly PlannedStep[]): PlannedStep => ({ kind: 'sequence', steps });
const parallel = (...steps: readonly PlannedStep[]): PlannedStep => ({ kind: 'parallel', steps });
const either = (...steps: readonly PlannedStep[]): PlannedStep => ({ kind: 'either', steps });

test('the longest chain counts, whatever goes on beside it; of a condition the longer way', () => {
  const plan = sequence(
    fetch('a'),
    parallel(
      fetch('b', 'id'),
      sequence(fetch('c', 'id'), fetch('d', 'id')),
      either(fetch('e', 'id'), fetch('f', 'id')),
    ),
  );
  expect(planFigures(plan)).toEqual({
    fetches: 6,
    depth: 3,
    subgraphs: ['a', 'b', 'c', 'd', 'e', 'f'],
    criticalPath: ['a', 'c', 'd'],
    scattered: [],
  });
  expect(shapeOf(plan)).toBe('a > (b(a.@) + (c(a.@) > d(a.@)) + (e(a.@) or f(a.@)))');
});

test('an entity fetch scatters when its key is not that of the shard; a type without one never does', () => {
  const keys = { a: { T: 'id' }, b: { Other: 'id' } };
  expect(planFigures(parallel(fetch('a', 'sku'), fetch('b', 'sku')), keys).scattered).toEqual(['a: T by sku']);
  expect(planFigures(fetch('a', 'id', 'price'), keys).scattered).toEqual([]);
  expect(planFigures(undefined, keys)).toMatchObject({ fetches: 0, depth: 0 });
});
