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
  '0.0000001',
  '12345678.123456789',
  '1e999',
])('the digits of %s are kept', (number) => {
  const text = `{"a":[${number}],"b":"${number}"}`;
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 12 });
const numberText = fc
  .tuple(fc.boolean(), fc.nat({ max: 2 ** 31 }), fc.option(digits), fc.option(fc.integer({ min: -30, max: 400 })))
  .map(
    ([minus, whole, fraction, exponent]) =>
      `${minus ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

test('a number is written as it came, whatever it is', () => {
  fc.assert(
    fc.property(fc.array(numberText), (numbers) => {
      const text = `{"a":[${numbers.join()}]}`;
      expect(JSON.stringify(parseExactJson(text))).toBe(text);
    }),
    { examples: [[['0.0000001', '-0.0', '1E5']]] },
  );
});

test('everything else is what JSON.parse makes of it', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(JSON.stringify(parseExactJson(text)))).toEqual(JSON.parse(text));
    }),
  );
  expect(() => parseExactJson('{"a":1e999x}')).toThrow(SyntaxError);
});
