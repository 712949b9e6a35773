import { expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { assertPlannableSize } from './expansion-bound.ts';

test('a small document that would expand to billions of fields is refused at once', () => {
  const depth = 40;
  const fragments = Array.from({ length: depth }, (_, n) =>
    n === depth - 1 ? `fragment F${n} on Query { a }` : `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
  );
  const document = parse(`{ ...F0 } ${fragments.join(' ')}`);
  const before = process.cpuUsage();
  expect(() => assertPlannableSize(document)).toThrow('selects more than 10000 fields');
  const { user } = process.cpuUsage(before);
  expect(user / 1_000).toBeLessThan(50);
});

test('what fits is let through', () => {
  expect(() => assertPlannableSize(parse('{ ...F ...F } fragment F on Query { a { b c } }'))).not.toThrow();
});
