import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLScalarType,
  GraphQLString,
} from 'graphql';
import { parseExactJson } from '../objects/exact-json.ts';
import { leafValue } from '../objects/leaf-values.ts';
import { leafText } from './leaf-text.ts';

const color = (count: number) =>
  new GraphQLEnumType({
    name: 'Color',
    values: Object.fromEntries(
      ['RED', ...Array.from({ length: count }, (_, index) => `C${index}`)].map((n) => [n, {}]),
    ),
  });
const types: GraphQLLeafType[] = [
  ...[GraphQLInt, GraphQLFloat, GraphQLBoolean, GraphQLString, GraphQLID],
  ...[color(1), color(40), new GraphQLScalarType({ name: 'Any' })],
];
const TEXTS = [
  ...['0', '-0', '1', '-1', '1.0', '1e3', '2147483647', '2147483648', '-2147483648', '-2147483649', '99999999999'],
  ...['12345678901234567890', '1.10', '1E400', '"RED"', '"C0"', '"C39"', '"RE"', '"REDD"', '"\\u0052ED"', '"é"', '""'],
  ...['true', 'false', '{}', '[]', '{"a":1}', '["RED"]', '"1"', '"-"'],
];

test('a text that may be copied is what the value of the type would be written as', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      fc.oneof(fc.constantFrom(...TEXTS), fc.integer().map(String), fc.maxSafeInteger().map(String)),
      (type, text) => {
        const bytes = Buffer.from(`"${text},"RED"`);
        if (!leafText(type)(bytes, 1, 1 + Buffer.byteLength(text))) return;
        const written = JSON.stringify(leafValue(type)(parseExactJson(text)));
        // strings may be spelt in another way
        if (text.startsWith('"')) expect(JSON.parse(written)).toBe(JSON.parse(text));
        else expect(written).toBe(text);
      },
    ),
    { numRuns: 4_000 },
  );
});

test('null is a value of no type', () => {
  for (const type of types) expect(leafText(type)(Buffer.from('null'), 0, 4)).toBe(false);
});

test('usual values may be copied', () => {
  const usual = [
    [GraphQLInt, '2147483647'],
    [GraphQLInt, '-2147483648'],
    [GraphQLFloat, '1.10'],
    [GraphQLString, '"é"'],
    [GraphQLID, '"1"'],
    [color(40), '"C39"'],
  ] as const;
  for (const [type, text] of usual) {
    expect(leafText(type)(Buffer.from(text), 0, Buffer.byteLength(text))).toBe(true);
  }
});
