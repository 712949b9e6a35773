import { expect, test } from '@jest/globals';
import { graphOf } from '../test/graph-of.ts';
import { checkSchema } from './check.ts';
import { composeSubgraphs } from './compose/compose.ts';
import { printProblem } from './formats/print-problem.ts';
import { printReport } from './formats/print-report.ts';

type Graph = Readonly<Record<string, string>>;

/** The report of changing one graph into another while clients send these operations. */
function change(before: Graph, after: Graph, ...operations: readonly string[]) {
  const composition = composeSubgraphs(graphOf(before));
  if ('errors' in composition) throw new Error(composition.errors.map(printProblem).join('\n'));
  return checkSchema({
    subgraphs: graphOf(after),
    base: { name: 'base.graphql', supergraphSdl: composition.supergraphSdl },
    operations: operations.map((text, index) => ({ file: `operations/${index + 1}.graphql`, text })),
  });
}

const USERS = { users: 'type Query { user: User }\ntype User { id: ID! name: String nameLegacy: String }' };

test('a removed field that an operation uses fails, at the file and line of the operation', async () => {
  const after = { users: 'type Query { user: User }\ntype User { id: ID! nameLegacy: String }' };
  const report = await change(USERS, after, 'query Profile {\n  user {\n    name\n  }\n}');
  expect(printReport(report)).toBe(
    `error OPERATION_BREAKS  Profile: Cannot query field "name" on type "User".
  operations/1.graphql:3:5
    3 |     name
      |     ^

Changes of the API since base.graphql:
  breaks Profile  Field 'name' was removed from object type 'User'.

FAIL  1 known operation would break.`,
  );
});

test('name and nameLegacy are told apart, although one begins with the other', async () => {
  const after = { users: 'type Query { user: User }\ntype User { id: ID! }' };
  const uses = (...operations: readonly string[]) => change(USERS, after, ...operations);
  const old = await uses('query Old { user { nameLegacy } }');
  expect(old.result).toBe('fail');
  expect(old.changes.map(({ coordinate, breaks }) => [coordinate, breaks])).toEqual([
    ['User.name', []],
    ['User.nameLegacy', ['Old']],
  ]);
  const both = await uses('query Old { user { nameLegacy } }', 'query New { user { name } }');
  expect(both.changes.map(({ coordinate, breaks }) => [coordinate, breaks])).toEqual([
    ['User.name', ['New']],
    ['User.nameLegacy', ['Old']],
  ]);
});

test('a removed field that no operation uses passes with a note', async () => {
  const after = { users: 'type Query { user: User }\ntype User { id: ID! name: String }' };
  const report = await change(USERS, after, 'query Profile { user { name } }');
  expect(printReport(report)).toBe(
    `Changes of the API since base.graphql:
  breaking, no known operation notices  Field 'nameLegacy' was removed from object type 'User'.

PASS  1 subgraph composes and the gateway loads the result; 1 known operation stays valid; 1 change of the API.`,
  );
});

test('a finished @override move is no change of the API and passes', async () => {
  const a = 'type Query { u: U }\ntype U @key(fields: "id") { id: ID';
  const b = 'type U @key(fields: "id") { id: ID x: Int';
  const report = await change(
    { a: `${a} x: Int }`, b: `${b} @override(from: "a") }` },
    { a: `${a} }`, b: `${b} }` },
    'query X { u { x } }',
  );
  expect([report.result, report.changes, report.problems]).toEqual(['pass', [], []]);
});

test('a field that only becomes @inaccessible fails for those who use it', async () => {
  const after = { users: USERS.users.replace('name: String', 'name: String @inaccessible') };
  const report = await change(USERS, after, 'query Profile { user { name } }');
  expect(report.result).toBe('fail');
});

test('a feature that composes but that the gateway refuses fails, and names the field', async () => {
  const after = { users: USERS.users.replace('name: String', 'name: String @policy(policies: [["x"]])') };
  const report = await change(USERS, after, 'query Profile { user { name } }');
  expect(report.problems.map(printProblem)).toEqual([
    'error GATEWAY_REFUSES  The subgraphs compose, but the gateway refuses the result. The supergraph cannot be loaded: ' +
      'it uses @policy (on User.name), a feature for SECURITY (https://specs.apollo.dev/policy/v0.1) ' +
      'that the gateway does not support and so refuses: take it out of the subgraphs.',
  ]);
  expect(report.result).toBe('fail');
});

test('a composition error fails and nothing else is said', async () => {
  const report = await change(USERS, { users: 'type Query { user: Nope }' }, 'query Profile { user { name } }');
  expect([report.result, report.problems.map(({ code }) => code), report.changes]).toEqual([
    'fail',
    ['INVALID_GRAPHQL'],
    [],
  ]);
});

test('an operation that was never valid is told apart from one that breaks', async () => {
  const report = await change(USERS, USERS, 'query Typo { user { nam } }');
  expect(report.problems.map(({ code }) => code)).toEqual(['OPERATION_INVALID']);
  expect(report.result).toBe('fail');
});

test('a subgraph that goes takes its fields with it', async () => {
  const b = 'type Query { b: Int }';
  const report = await change({ ...USERS, b }, USERS, 'query B { b }');
  expect(report.changes.map(({ type, breaks }) => [type, breaks])).toEqual([
    ['FIELD_REMOVED', ['B']],
    ['SUBGRAPH_REMOVED', []],
  ]);
});

/** What validation alone does not see: operations that stay valid but get other answers, or send other values. */
const SEEN: readonly [
  what: string,
  before: string,
  after: string,
  operation: string,
  verdict: string,
  code?: string,
][] = [
  ['Int becomes String', 'a: Int', 'a: String', '{ a }', 'fail', 'RESULT_TYPE_CHANGES'],
  ['Int becomes Float', 'a: Int', 'a: Float', '{ a }', 'pass', 'RESULT_TYPE_CHANGES'],
  ['a list becomes one', 'a: [Int]', 'a: Int', '{ a }', 'fail', 'RESULT_TYPE_CHANGES'],
  ['non-null becomes null', 'a: Int!', 'a: Int', '{ a }', 'pass', 'RESULT_BECOMES_NULLABLE'],
  ['null becomes non-null', 'a: Int', 'a: Int!', '{ a }', 'pass'],
  ['a default changes', 'a(x: Int = 1): Int', 'a(x: Int = 2): Int', '{ a }', 'pass', 'DEFAULT_CHANGES'],
  ['a default changes for who gives it', 'a(x: Int = 1): Int', 'a(x: Int = 2): Int', '{ a(x: 3) }', 'pass'],
  ['an optional argument comes', 'a: Int', 'a(x: Int): Int', '{ a }', 'pass'],
  ['a required argument comes', 'a: Int', 'a(x: Int!): Int', '{ a }', 'fail', 'OPERATION_BREAKS'],
  [
    'an argument takes lists, by variable',
    'a(x: Int): Int',
    'a(x: [Int]): Int',
    '($x: Int) { a(x: $x) }',
    'fail',
    'OPERATION_BREAKS',
  ],
  ['an argument takes lists, written out', 'a(x: Int): Int', 'a(x: [Int]): Int', '{ a(x: 1) }', 'pass'],
  ['an enum gains a value', 'a: E } enum E { A', 'a: E } enum E { A B', '{ a }', 'pass', 'RESULT_GAINS_VALUES'],
  ['an enum loses a value that is only output', 'a: E } enum E { A B', 'a: E } enum E { A', '{ a }', 'pass'],
  [
    'an enum loses a value that is written out',
    'a(e: E): Int } enum E { A B',
    'a(e: E): Int } enum E { A',
    '{ a(e: B) }',
    'fail',
    'OPERATION_BREAKS',
  ],
  [
    'an enum loses a value, by variable',
    'a(e: E): Int } enum E { A B',
    'a(e: E): Int } enum E { A',
    '($e: E) { a(e: $e) }',
    'fail',
    'VARIABLE_BREAKS',
  ],
  [
    'a union gains a member',
    'a: U x: X y: Y } union U = X type X { i: Int } type Y { i: Int',
    'a: U x: X y: Y } union U = X | Y type X { i: Int } type Y { i: Int',
    '{ a { ... on X { i } } }',
    'pass',
    'RESULT_GAINS_VALUES',
  ],
  [
    'a union loses a member that is asked',
    'a: U x: X y: Y } union U = X | Y type X { i: Int } type Y { i: Int',
    'a: U x: X y: Y } union U = X type X { i: Int } type Y { i: Int',
    '{ a { ... on Y { i } } }',
    'fail',
    'OPERATION_BREAKS',
  ],
  [
    'an input gains a required field, by variable',
    'a(i: I): Int } input I { x: Int',
    'a(i: I): Int } input I { x: Int y: Int!',
    '($i: I) { a(i: $i) }',
    'fail',
    'VARIABLE_BREAKS',
  ],
  [
    'an input gains a field with a default',
    'a(i: I): Int } input I { x: Int',
    'a(i: I): Int } input I { x: Int y: Int! = 1',
    '($i: I) { a(i: $i) }',
    'pass',
  ],
  [
    'a field of a nested input is required',
    'a(i: I): Int } input I { j: J } input J { x: Int',
    'a(i: I): Int } input I { j: J } input J { x: Int!',
    '($i: I) { a(i: $i) }',
    'fail',
    'VARIABLE_BREAKS',
  ],
  [
    'an input field takes lists',
    'a(i: I): Int } input I { x: Int',
    'a(i: I): Int } input I { x: [Int!]',
    '($i: I) { a(i: $i) }',
    'pass',
  ],
  [
    'an object becomes an interface it had',
    'a: T } interface N { n: Int } type T implements N { n: Int',
    'a: N } interface N { n: Int } type T implements N { n: Int',
    '{ a { n } }',
    'pass',
  ],
];

test.each(SEEN)('%s', async (...[, before, after, operation, verdict, code]) => {
  const graph = (fields: string) => ({ a: `type Query { keep: Int ${fields} }` });
  const report = await change(graph(before), graph(after), `query Op ${operation}`);
  const told = report.problems.filter(({ operation }) => operation === 'Op');
  expect([report.result, told.map((problem) => problem.code)]).toEqual([verdict, code === undefined ? [] : [code]]);
});

test('a variable that is refused now is told with the field that refuses it', async () => {
  const graph = (note: string) => ({
    a: `type Query { a: Int }\ntype Mutation { order(input: Order!): Int }\ninput Order { id: ID! note: ${note} }`,
  });
  const report = await change(
    graph('String'),
    graph('String!'),
    'mutation Buy($input: Order!) {\n  order(input: $input)\n}',
  );
  expect(report.problems.map(printProblem)).toEqual([
    'error VARIABLE_BREAKS  Buy: Values of $input that were accepted are refused now: Order.note changed from String to String!.\n' +
      '  operations/1.graphql:1:14\n    1 | mutation Buy($input: Order!) {\n      |              ^',
  ]);
  expect(report.changes.map(({ coordinate, breaks }) => [coordinate, breaks])).toEqual([['Order.note', ['Buy']]]);
});

test('operations without a name, with a name that is taken, or that are no GraphQL are told', async () => {
  const report = await change(
    USERS,
    USERS,
    '{ user { id } }',
    'query A { user { id } }',
    'query A { user { id } }',
    '# empty',
    'query {',
  );
  expect(report.problems.map(printProblem).map((text) => text.split('\n').slice(0, 2))).toEqual([
    ['error OPERATION_UNNAMED  The operation has no name.', '  operations/1.graphql:1:1'],
    [
      'error OPERATION_NAME_TAKEN  The name A is taken by an operation of operations/2.graphql.',
      '  operations/3.graphql:1:7',
    ],
    ['error INVALID_GRAPHQL  Syntax Error: Unexpected <EOF>.', '  operations/4.graphql:1:8'],
    ['error INVALID_GRAPHQL  Syntax Error: Expected Name, found <EOF>.', '  operations/5.graphql:1:8'],
  ]);
});
