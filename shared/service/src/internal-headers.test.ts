import { expect, test } from '@jest/globals';
import { readDeadline } from './internal-headers.ts';

test('a deadline is a whole number of milliseconds, at most ten minutes', () => {
  const values = [
    '0',
    '1500',
    '999999999',
    undefined,
    '',
    '-1',
    '1.5',
    '1e3',
    ' 5',
    '5 ',
    '9999999999',
    ['1', '2'],
    'abc',
  ];
  expect(values.map(readDeadline)).toEqual([0, 1_500, 600_000, ...Array(10).fill(undefined)]);
});
