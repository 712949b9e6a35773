import { expect, test } from '@jest/globals';
import { graphOf } from '../../test/graph-of.ts';
import { printProblem } from '../formats/print-problem.ts';
import { composeSubgraphs } from './compose.ts';

function errorsOf(sdls: Readonly<Record<string, string>>): string {
  const composition = composeSubgraphs(graphOf(sdls));
  return 'errors' in composition ? composition.errors.map(printProblem).join('\n') : 'it composes';
}

test('a field with two types names both files, each with its line', () => {
  expect(
    errorsOf({ a: 'type Query { a: Int @shareable }', b: 'type Query {\n  "B."\n  a: String @shareable\n}' }),
  ).toBe(
    `error FIELD_TYPE_MISMATCH  Type of field "Query.a" is incompatible across subgraphs: it has type "Int" in subgraph "a" but type "String" in subgraph "b"
  subgraphs/a/schema.graphql:2:14
    2 | type Query { a: Int @shareable }
      |              ^
  subgraphs/b/schema.graphql:4:3
    4 |   a: String @shareable
      |   ^`,
  );
});

test('an SDL that is not GraphQL is reported at the token, for every subgraph at once', () => {
  expect(errorsOf({ a: 'type Query { a Int }', b: 'type Query {' })).toBe(
    `error INVALID_GRAPHQL  Syntax Error: Expected ":", found Name "Int".
  subgraphs/a/schema.graphql:2:16
    2 | type Query { a Int }
      |                ^
error INVALID_GRAPHQL  Syntax Error: Expected Name, found <EOF>.
  subgraphs/b/schema.graphql:2:13
    2 | type Query {
      |             ^`,
  );
});

test.each([
  [
    'an unknown type',
    { a: 'type Query {\n\ta: Foo\n}' },
    'error INVALID_GRAPHQL  [a] Unknown type Foo\n  subgraphs/a/schema.graphql:3:5\n    3 | \ta: Foo\n      | \t   ^',
  ],
  [
    'a key of a field that is not there',
    { a: 'type Query { u: U }\ntype U @key(fields: "nope") { id: ID }' },
    'error KEY_INVALID_FIELDS  [a] On type "U", for @key(fields: "nope"): Cannot query field "nope" on type "U" (the field should either be added to this subgraph or, if it should not be resolved by this subgraph, you need to add it to this subgraph with @external).\n  subgraphs/a/schema.graphql:3:8\n    3 | type U @key(fields: "nope") { id: ID }\n      |        ^\n  subgraphs/a/schema.graphql:3:1\n    3 | type U @key(fields: "nope") { id: ID }\n      | ^',
  ],
  [
    'a field that nobody resolves',
    {
      a: 'type Query { u: U }\ntype U @key(fields: "id") { id: ID }',
      b: 'type U @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }',
    },
    'error EXTERNAL_MISSING_ON_BASE  Field "U.x" is marked @external on all the subgraphs in which it is listed (subgraph "b").\n  subgraphs/b/schema.graphql:2:36\n    2 | type U @key(fields: "id") { id: ID x: Int @external y: Int @requires(fields: "x") }\n      |                                    ^',
  ],
  [
    'no query',
    { a: 'type U @key(fields: "id") { id: ID }' },
    'error NO_QUERIES  No queries found in any subgraph: a supergraph must have a query root type.',
  ],
])('%s', (_what, sdls, expected) => {
  expect(errorsOf(sdls)).toBe(expected);
});

test('a federation version that composition does not know is reported at its @link', () => {
  const sdl = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.99")\ntype Query { a: Int }';
  const composition = composeSubgraphs([{ name: 'a', url: '', file: 'a.graphql', sdl }]);
  expect('errors' in composition && composition.errors.map(printProblem)).toEqual([
    'error UNKNOWN_FEDERATION_LINK_VERSION  [a] Invalid version v2.99 for the federation feature in @link directive on schema\n' +
      '  a.graphql:1:15\n' +
      '    1 | extend schema @link(url: "https://specs.apollo.dev/federation/v2.99")\n' +
      '      |               ^',
  ]);
});

test('a field that cannot be reached is told once, by the shortest query, with the cure', () => {
  expect(
    errorsOf({
      a: 'type Query { v: V }\ntype V @shareable { p: Int }',
      b: 'type V @shareable {\n  p: Int\n  q: Int\n}',
      c: 'type Query { deep: D }\ntype D { v: V }\ntype V @shareable { p: Int }',
    }),
  ).toBe(
    `error SATISFIABILITY_ERROR  Field "V.q" cannot be reached on 2 ways through the graph; the shortest is { v { q } }
  - from subgraph "a":
    - cannot find field "V.q".
    - cannot move to subgraph "b", which has field "V.q", because type "V" has no @key defined in subgraph "b".
  To cure it: give "V" a @key in "b", or define "V.q" in "a" too.
  subgraphs/b/schema.graphql:4:3
    4 |   q: Int
      |   ^`,
  );
});

test('one field added to a value type shared by ten subgraphs of a hundred types is told in at most 40 lines', () => {
  const sdls: Record<string, string> = {};
  for (let s = 0; s < 10; s++) {
    const types = Array.from({ length: 100 }, (_, t) => {
      return `type E${s}_${t} @key(fields: "id") { id: ID! a: Int value: V next: E${(s + 1) % 10}_${t} }
        ${`type E${(s + 1) % 10}_${t} @key(fields: "id", resolvable: false) { id: ID! }`}`;
    });
    const roots = Array.from({ length: 100 }, (_, t) => `e${s}_${t}: E${s}_${t}`);
    const extra = s === 7 ? 'z: Int' : '';
    sdls[`s${s}`] = `type Query { ${roots.join(' ')} }\ntype V @shareable { p: Int ${extra} }\n${types.join('\n')}`;
  }
  const text = errorsOf(sdls);
  expect(text).toMatch(/^error SATISFIABILITY_ERROR {2}Field "V\.z" cannot be reached on \d+ ways/);
  expect(text.split('\n').length).toBeLessThanOrEqual(40);
});

test('many reasons are cut, and so is a long line, around its column', () => {
  const sdls: Record<string, string> = { asked: 'type Query { e: E }\ntype E { p: Int @shareable }' };
  for (let s = 1; s <= 6; s++)
    sdls[`s${s}`] = `type E @key(fields: "k${s}") { k${s}: ID! p: Int @shareable x: Int @shareable }`;
  const filler = Array.from({ length: 6 }, (_, n) => `filler${n}: Int @shareable`).join(' ');
  sdls.s1 = `type E @key(fields: "k1") { k1: ID! ${filler} x: Int @shareable ${filler.replaceAll('filler', 'other')} }`;
  const lines = errorsOf(sdls).split('\n');
  const start = lines.findIndex((line) => line.includes('Field "E.x"'));
  const group = lines.slice(start, start + 15);
  expect(group[0]).toBe(
    'error SATISFIABILITY_ERROR  Field "E.x" cannot be reached on one way through the graph; the shortest is { e { x } }',
  );
  expect(group[7]).toMatch(/^ {2}\.\.\. and \d+ more lines of reasons of this kind$/);
  const [place = '', text = '', caret = ''] = group.slice(8);
  expect(place).toMatch(/^ {2}subgraphs\/s1\/schema\.graphql:2:\d+$/);
  expect(text.length).toBeLessThan(180);
  expect(text.slice(caret.indexOf('^'))).toMatch(/^x: Int @shareable/);
});

test('hints are warnings with their place; what composition did by itself is a note', () => {
  const composition = composeSubgraphs(
    graphOf({
      a: 'type Query { u: U }\ntype U @key(fields: "id") { id: ID x: Int @override(from: "b") }',
      b: 'type U @key(fields: "id") {\n  id: ID\n  x: Int\n}\nenum Unused { A }',
    }),
  );
  const hints = 'hints' in composition ? composition.hints : [];
  expect(hints.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    'warning OVERRIDDEN_FIELD_CAN_BE_REMOVED',
    'note UNUSED_ENUM_TYPE',
  ]);
  expect(hints.slice(0, 1).map(printProblem)).toEqual([
    'warning OVERRIDDEN_FIELD_CAN_BE_REMOVED  Field "U.x" on subgraph "b" is overridden. Consider removing it.\n' +
      '  subgraphs/b/schema.graphql:4:3\n    4 |   x: Int\n      |   ^',
  ]);
});
