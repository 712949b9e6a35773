import { expect, test } from '@jest/globals';
import type { PlanStep } from '../plan/steps.ts';
import { askedTree, keepAsked } from './asked-tree.ts';

const step = { operation: '{products{id ...on Book{is:inStock author{name}}...on Tool{raw}}}' } as PlanStep;

test('what a step did not ask for is taken out, wherever it stands', () => {
  const data = JSON.parse(
    '{"products":[{"id":1,"price":7,"author":{"name":"a","id":2},"raw":{"any":[{"json":1}]}},null,7],"users":[],"__proto__":{"id":1}}',
  );
  keepAsked(data, askedTree(step)());
  expect(JSON.stringify(data)).toBe('{"products":[{"id":1,"author":{"name":"a"},"raw":{"any":[{"json":1}]}},null,7]}');
});
