import { expect, test } from '@jest/globals';
import { graphOf } from '../../test/graph-of.ts';
import { checkSchema } from '../check.ts';
import { composeSubgraphs } from '../compose/compose.ts';
import type { CheckReport } from '../report.ts';
import { DEFAULT_POLICY } from '../verdict/policy.ts';
import { parseManifest } from './manifest.ts';
import { parseUsage } from './usage.ts';

const WINDOW = { version: 1, from: '2026-11-01T00:00:00Z', to: '2026-11-21T00:00:00Z', hours: 480, hoursReported: 470 };

const usageOf = (...rows: readonly object[]) =>
  parseUsage([WINDOW, ...rows].map((row) => JSON.stringify(row)).join('\n'), 'usage.ndjson');

/** The report of a change of one subgraph, for operations that were seen. */
function seen(before: string, after: string, rows: readonly object[], policy = {}): Promise<CheckReport> {
  const composition = composeSubgraphs(graphOf({ a: before }));
  if ('errors' in composition) throw new Error(composition.errors[0]?.message);
  return checkSchema({
    subgraphs: graphOf({ a: after }),
    base: { name: 'base', supergraphSdl: composition.supergraphSdl, subgraphs: graphOf({ a: before }) },
    operations: [],
    usage: usageOf(...rows),
    policy: { ...DEFAULT_POLICY, ...policy },
  });
}

const AB = ['type Query { a: Int b: Int }', 'type Query { a: Int }'] as const;
const B = { name: 'B', body: 'query B { b }', client: 'web', count: 50, lastSeen: '2026-11-20T00:00:00Z' };
const A = { name: 'A', body: 'query A { a }', client: 'web', count: 99_950 };

test.each([
  ['seen often enough is used', {}, 'fail', 'used'],
  ['seen too seldom is unused', { minimumCount: 51 }, 'pass', 'unused'],
  ['a share that is too small is unused', { minimumShare: 0.001 }, 'pass', 'unused'],
  ['a share that is just enough is used', { minimumShare: 0.0005 }, 'fail', 'used'],
])('%s', async (_what, policy, result, use) => {
  const report = await seen(...AB, [A, B], policy);
  expect([report.result, report.operations.find(({ name }) => name === 'B')?.use]).toEqual([result, use]);
});

test('a client that is excluded does not count', async () => {
  const report = await seen(...AB, [A, B, { ...B, client: 'crawler' }], { excludeClients: ['web'] });
  expect([report.result, report.operations]).toMatchObject(['fail', [{ name: 'B', clients: ['crawler'] }]]);
  expect((await seen(...AB, [B], { excludeClients: ['web'] })).operations).toEqual([]);
});

test('coverage under the limit makes what is seen too seldom unknown, and a removal fails', async () => {
  const report = await seen(...AB, [A, B], { minimumCount: 51, coverage: 0.99 });
  expect([report.result, report.otherwise, report.problems.map(({ rule, operation }) => [rule, operation])]).toEqual([
    'fail',
    'unknown',
    [['A', 'B']],
  ]);
});

const ORDER = (kind: string) =>
  `type Query { a: Int }\ntype Mutation { order(input: Order!): Int }\ninput Order { note: String kind: Kind count: Int }\nenum Kind { ${kind} }`;

test('B: of variables whose shapes were seen, only those that were sent count', async () => {
  const body = 'mutation Buy($input: Order!) { order(input: $input) }';
  const buy = (...variables: readonly object[]) => [{ name: 'Buy', body, client: 'ios', count: 9, variables }];
  const change = [ORDER('GIFT PLAIN'), ORDER('PLAIN')] as const;
  const plain = await seen(...change, buy({ input: { kind: 'PLAIN', note: '' } }));
  expect([plain.result, plain.problems.filter(({ rule }) => rule === 'B')]).toEqual(['pass', []]);
  const gift = await seen(...change, buy({ input: { kind: 'PLAIN' } }, { input: { kind: 'GIFT', count: 0 } }));
  expect([gift.result, gift.problems.map(({ rule, clients, message }) => [rule, clients, message])]).toEqual([
    'fail',
    [
      [
        'B',
        ['ios'],
        'Values that clients sent are refused now: Variable "$input" got invalid value "GIFT" at "input.kind"; Value "GIFT" does not exist in "Kind" enum.',
      ],
    ],
  ]);
  const unknownShapes = await seen(...change, buy());
  expect(unknownShapes.result).toBe('fail');
});

test('what was seen in the window and was not valid any more before this change breaks nobody now', async () => {
  const report = await seen('type Query { a: Int }', 'type Query { a: Int c: Int }', [A, B]);
  expect([report.result, report.problems.map(({ code, severity }) => [code, severity])]).toEqual([
    'pass',
    [['OPERATION_INVALID', 'note']],
  ]);
});

test('one operation of several clients is told once, with all of them, most often first', async () => {
  const report = await seen(...AB, [
    B,
    { ...B, client: 'ios', clientVersion: '2', count: 70, lastSeen: '2026-11-21T00:00:00Z' },
  ]);
  expect(report.problems).toMatchObject([
    { operation: 'B', clients: ['ios 2', 'web'], lastSeen: '2026-11-21T00:00:00Z' },
  ]);
});

test('trusted documents are used, whatever the list is written in; the place is that of their id', () => {
  const body = 'query B { b }';
  const plain = parseManifest(`{\n  "abc": ${JSON.stringify(body)}\n}`, 'm.json');
  expect(plain).toEqual([{ file: 'm.json', text: body, embedded: { line: 2, name: 'abc' } }]);
  const apollo = {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [{ id: 'abc', name: 'B', type: 'query', body }],
  };
  expect(parseManifest(JSON.stringify(apollo), 'm.json')).toEqual([
    { file: 'm.json', text: body, embedded: { line: 1, name: 'B' } },
  ]);
  expect(() => parseManifest('[]', 'm.json')).toThrow(/^m\.json: Allowed: /);
  expect(() => parseManifest('{"a": 1}', 'm.json')).toThrow(/^m\.json: a is no document\. Allowed: /);
});

test.each([
  ['', 'u.ndjson: it is empty. Allowed: a line with the window, then operations.'],
  ['{"version": 2}', 'u.ndjson:1: version: Invalid input: expected 1.'],
  [`${JSON.stringify(WINDOW)}\n{"body": "x"`, 'u.ndjson:2: it is not JSON.'],
  [
    `${JSON.stringify(WINDOW)}\n\n{"body": "query A { a }"}`,
    'u.ndjson:3: count: Invalid input: expected number, received undefined.',
  ],
])('usage that cannot be read says where: %j', (text, message) => {
  expect(() => parseUsage(text, 'u.ndjson')).toThrow(message);
});
