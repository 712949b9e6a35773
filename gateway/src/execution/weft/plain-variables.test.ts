import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, getVariableValues, Kind, parse } from 'graphql';
import { plainVariables } from './plain-variables.ts';

const schema = buildSchema(
  'scalar Any enum Color { RED } input Filter { a: Int } type Query { a(f: Float i: ID): Int }',
);
const TYPES = ['ID', 'String', 'Boolean', 'Int', 'Float', 'Any', 'Color', 'Filter', '[Int]', 'Missing'];
const VALUES = ['', '1', 'RED', 0, -0, 1.5, 2 ** 31, -(2 ** 31), 2 ** 31 - 1, Number.NaN, Infinity, true, null, {}, []];

test('what is plain is coerced to itself, and graphql-js finds nothing wrong with it', () => {
  let plain = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...TYPES), fc.constantFrom('', '!'), fc.constantFrom(...VALUES)), {
        maxLength: 3,
      }),
      (given) => {
        const [definition] = parse(
          `query (${given.map(([type, bang], index) => `$v${index}: ${type}${bang} ${bang ? '' : '= null'}`).join(' ')} $x: Int) { a }`,
        ).definitions;
        const definitions =
          definition?.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [];
        const known = definitions.slice(0, -1);
        const variables = Object.fromEntries(given.map(([, , value], index) => [`v${index}`, value]));
        if (!plainVariables(known)(variables)) return;
        plain += 1;
        const { coerced, errors } = getVariableValues(schema, known, variables);
        expect({ errors, coerced: { ...coerced } }).toEqual({ errors: undefined, coerced: variables });
      },
    ),
    { numRuns: 2_000 },
  );
  expect(plain).toBeGreaterThan(100);
  const [definition] = parse('query ($x: Int, $__proto__: String) { a }').definitions;
  const definitions = definition?.kind === Kind.OPERATION_DEFINITION ? (definition.variableDefinitions ?? []) : [];
  expect(plainVariables(definitions)({ x: 1 })).toBe(false);
});
