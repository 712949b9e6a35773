import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { buildSchema, executeSync, Kind, parse } from 'graphql';
import { complete } from './complete.ts';
import { type Data, FAILED } from './data.ts';
import { ErrorList } from './error-list.ts';
import { objectShape } from './shapes.ts';

const SCHEMA = buildSchema(`
  type Query { a: A b: A! list: [A!] lists: [[A]!]! strict: [A!]! u: [U] }
  type A { n: Int m: Int! s: String! t: [String!] e: E id: ID! a: A b: B! f: Float ok: Boolean }
  type B { n: Int! a: A }
  union U = A | B
  enum E { X Y }
`);

function completed(query: string, data: Data, variables: Record<string, boolean> = {}) {
  const [operation] = parse(query).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(query);
  const shape = objectShape('Query', [operation.selectionSet], {
    schema: SCHEMA,
    fragments: new Map(),
    isTrue: (name) => variables[name] === true,
  });
  const errors = new ErrorList();
  const answer = complete(data, shape, { errors, introspect: () => null });
  return {
    data: answer,
    errors: errors.toGraphQLErrors().map(({ message, path }) => ({ message, path: path?.join('.') })),
  };
}

const QUERY =
  `{ a { ...P } b { ...P } list { n m } lists { n m } strict { n s t } u { ... on A { m } ... on B { n a { id } } } }`.replaceAll(
    '...P',
    'n m s t e id f ok a { n m } b { n a { m } }',
  );

const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 6 });
const objects = fc.letrec<{ a: Data; b: Data }>((tie) => ({
  a: fc.record({
    __typename: fc.constant('A'),
    n: nullable(fc.integer()),
    m: nullable(fc.integer({ min: -5, max: 5 })),
    s: nullable(fc.string()),
    t: nullable(fc.array(nullable(fc.string()), { maxLength: 2 })),
    e: nullable(fc.constantFrom('X', 'Y')),
    id: nullable(fc.string()),
    f: nullable(fc.integer()),
    ok: nullable(fc.boolean()),
    a: fc.option(tie('a'), { maxDepth: 2 }),
    b: fc.option(tie('b'), { freq: 8, maxDepth: 3 }),
  }) as fc.Arbitrary<Data>,
  b: fc.record({
    __typename: fc.constant('B'),
    n: nullable(fc.integer()),
    a: fc.option(tie('a'), { maxDepth: 2 }),
  }) as fc.Arbitrary<Data>,
}));
const list = nullable(fc.array(nullable(objects.a), { maxLength: 3 }));
const roots = fc.record({
  a: nullable(objects.a),
  b: nullable(objects.a),
  list,
  lists: nullable(fc.array(list, { maxLength: 3 })),
  strict: list,
  u: nullable(fc.array(nullable(fc.oneof(objects.a, objects.b)), { maxLength: 3 })),
}) as fc.Arbitrary<Data>;

test('nulls go up as graphql-js lets them, with an error where graphql-js has one', () => {
  fc.assert(
    fc.property(roots, (root) => {
      const expected = executeSync({ schema: SCHEMA, document: parse(QUERY), rootValue: root });
      const { data, errors } = completed(QUERY, root);
      expect(JSON.stringify(data)).toBe(JSON.stringify(expected.data));
      // of several errors below one null, executors may tell any
      const told = errors.map(({ path }) => path);
      const all = (expected.errors ?? []).map(({ path }) => path?.join('.'));
      expect(all).toEqual(expect.arrayContaining(told));
      expect(told.length > 0).toBe(all.length > 0);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['n', 1.5],
  ['n', 2 ** 31],
  ['n', '1'],
  ['n', true],
  ['e', 'Z'],
  ['e', 1],
  ['f', 'x'],
  ['ok', 1],
  ['t', 'x'],
  ['a', 'x'],
  ['a', []],
  ['a', JSON.rawJSON('1.10')],
])('a value of the wrong kind is null with an error: %s is %p', (field, value) => {
  const selection = field === 'a' ? 'a { n }' : field;
  const { data, errors } = completed(`{ a { ${selection} } }`, { a: { [field]: value } });
  expect(data).toEqual({ a: { [field]: null } });
  expect(errors).toEqual([{ message: `Invalid value found for field A.${field}.`, path: `a.${field}` }]);
});

test('an ID of digits is text, and digits beyond a number are kept', () => {
  expect(completed('{ a { id } }', { a: { id: 7 } }).data).toEqual({ a: { id: '7' } });
  const large = JSON.rawJSON('9007199254740993');
  expect(completed('{ a { id } }', { a: { id: large } }).data).toEqual({ a: { id: '9007199254740993' } });
  expect(JSON.stringify(completed('{ a { f } }', { a: { f: JSON.rawJSON('1.10') } }).data)).toBe('{"a":{"f":1.10}}');
});

test('what was told is not told again, and what was left out is', () => {
  expect(completed('{ b { n } }', { b: FAILED })).toEqual({ data: null, errors: [] });
  expect(completed('{ a { n } }', { a: {} })).toEqual({
    data: { a: { n: null } },
    errors: [{ message: 'A subgraph left out field A.n.', path: 'a.n' }],
  });
});

test('an object of a type that nobody can see here is null with an error', () => {
  const { data, errors } = completed('{ u { __typename } }', { u: [{ __typename: 'E' }, { __typename: 'A' }, {}] });
  expect(data).toEqual({ u: [null, { __typename: 'A' }, null] });
  expect(errors.map(({ path }) => path)).toEqual(['u.0', 'u.2']);
});

test('fields stand in the order of their first selection, under conditions too', () => {
  const query = '{ a { ... on A { m } n ok @skip(if: $v) m s @include(if: $v) } }';
  const data = { a: { s: 'x', ok: true, n: 1, m: 2 } };
  expect(JSON.stringify(completed(query, data, { v: true }).data)).toBe('{"a":{"m":2,"n":1,"s":"x"}}');
  expect(JSON.stringify(completed(query, data, { v: false }).data)).toBe('{"a":{"m":2,"n":1,"ok":true}}');
});
