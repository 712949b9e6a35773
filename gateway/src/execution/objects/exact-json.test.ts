import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseExactJson } from './exact-json.ts';

test.each([
  '9007199254740993',
  '-0',
  '1.10',
  '1e3',
  '0.1000000000000000055511151231257827',
  '123456789012345678901234567890',
])('the digits of %s are kept', (number) => {
  const text = `{"a":[${number}],"b":"${number}"}`;
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

test('everything else is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(JSON.stringify(parseExactJson(text)))).toEqual(JSON.parse(text));
    }),
  );
  expect(() => parseExactJson('{"a":1e999x}')).toThrow(SyntaxError);
});
