import { expect, test } from '@jest/globals';
import { graphOf } from '../../test/graph-of.ts';
import { checkSchema } from '../check.ts';
import type { CheckInput } from '../check-input.ts';
import { composeSubgraphs } from '../compose/compose.ts';
import { printProblem } from '../formats/print-problem.ts';
import type { Problem } from '../problem.ts';
import type { CheckReport } from '../report.ts';
import { DEFAULT_POLICY } from './policy.ts';

type Graph = Readonly<Record<string, string>>;

function baseOf(graph: Graph) {
  const subgraphs = graphOf(graph);
  const composition = composeSubgraphs(subgraphs);
  if ('errors' in composition) throw new Error(composition.errors.map(printProblem).join('\n'));
  return { name: 'base.graphql', supergraphSdl: composition.supergraphSdl, subgraphs };
}

function change(
  before: Graph,
  after: Graph,
  operations: readonly string[],
  more: Partial<CheckInput> = {},
): Promise<CheckReport> {
  return checkSchema({
    subgraphs: graphOf(after),
    base: baseOf(before),
    operations: operations.map((text, index) => ({ file: `operations/${index + 1}.graphql`, text })),
    ...more,
  });
}

/** Without the hints of composition, which have no rule. */
const told = ({ problems }: CheckReport) =>
  problems
    .filter(({ rule }) => rule !== undefined)
    .map(({ severity, rule, code, message, operation }) =>
      [severity, rule, code, operation, message].filter(Boolean).join(' | '),
    );
const byRule = ({ problems }: CheckReport, rule: string): Problem[] =>
  problems.filter((problem) => problem.rule === rule);

const SHOP = {
  users: 'type Query { me: User }\ntype User @key(fields: "id") { id: ID! name: String! @shareable email: String }',
  reviews:
    'type Query { latest: [Review!] }\ntype Review { body: String author: User! @provides(fields: "name") }\n' +
    'type User @key(fields: "id") { id: ID! name: String! @external }',
};
const LATEST = 'query Latest { latest { body author { name } } }';

test('D1: a dropped @provides warns, with the operation named and both plans', async () => {
  const after = {
    ...SHOP,
    reviews: SHOP.reviews.replace(' @provides(fields: "name")', '').replace(' name: String! @external', ''),
  };
  const report = await change(SHOP, after, [LATEST]);
  expect(report.changes).toEqual([]);
  expect([report.result, report.problems.filter(({ rule }) => rule === 'D1').map(printProblem)]).toEqual([
    'pass',
    [
      'warning PLAN_GETS_WORSE  Latest: the plan has 2 fetches instead of 1, 2 fetches that wait for each other instead of 1, users on its longest path.\n' +
        '  before reviews\n' +
        '  after  reviews > users(latest.@.author)\n' +
        '  operations/1.graphql:1:1\n' +
        '    1 | query Latest { latest { body author { name } } }\n' +
        '      | ^',
    ],
  ]);
});

test('D1: over its budget it fails, with the figure and the limit', async () => {
  const after = {
    ...SHOP,
    reviews: SHOP.reviews.replace(' @provides(fields: "name")', '').replace(' name: String! @external', ''),
  };
  const report = await change(SHOP, after, [LATEST], { policy: { ...DEFAULT_POLICY, budget: { addedFetches: 0 } } });
  expect([report.result, byRule(report, 'D1')[0]?.details?.at(-1)]).toEqual([
    'fail',
    'over budget: added fetches 1, at most 0',
  ]);
});

test('D1: an entity asked by another key than that of its shard scatters', async () => {
  const products = 'type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: ID! price: Int }';
  const search = (key: string) => ({
    products,
    search: `type Query { hits: [Product!] }\ntype Product @key(fields: "${key}", resolvable: false) { ${key}: ID! }`,
  });
  const report = await change(search('id'), search('sku'), ['query Hits { hits { price } }'], {
    shardKeys: { products: { Product: 'id' } },
  });
  expect(byRule(report, 'D1').map(({ severity, message }) => [severity, message])).toEqual([
    ['warning', 'the plan has a fetch that has to ask every shard (products: Product by sku).'],
  ]);
});

const CACHED = (hint: string) => ({
  users: `directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT
    enum CacheControlScope @inaccessible { PUBLIC PRIVATE }
    type Query { me: User ${hint} }
    type User @cacheControl(maxAge: 600) { id: ID! }`,
});

test('D2: an answer that could be kept 60 s and cannot be kept warns, with operation and element', async () => {
  const report = await change(CACHED('@cacheControl(maxAge: 60)'), CACHED('@cacheControl(maxAge: 0)'), [
    'query Me { me { id } }',
  ]);
  expect([report.result, told(report)]).toEqual([
    'pass',
    [
      'warning | D2 | CACHING_GETS_WORSE | Me | the answer could be kept 60 s, and cannot be kept at all now: Query.me.',
    ],
  ]);
});

test('D2: a field that moves to a subgraph without @cacheControl takes caching from the whole operation', async () => {
  const cache = 'directive @cacheControl(maxAge: Int) on FIELD_DEFINITION | OBJECT';
  const products = (fields: string) =>
    `${cache}\ntype Query { top: P @cacheControl(maxAge: 60) }\ntype P @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! ${fields} }`;
  const catalog = 'type P @key(fields: "id") { id: ID! name: String @override(from: "products") }';
  const report = await change({ products: products('name: String') }, { products: products('name: String'), catalog }, [
    'query Top { top { name } }',
  ]);
  expect(report.changes).toEqual([]);
  expect(byRule(report, 'D2').map(({ message }) => message)).toEqual([
    'the answer could be kept 60 s, and cannot be kept at all now: P.',
  ]);
});

test('D3: what was private and may be kept for everybody fails until it is approved, whoever uses it', async () => {
  const [secret, open] = [CACHED('@cacheControl(maxAge: 60, scope: PRIVATE)'), CACHED('@cacheControl(maxAge: 60)')];
  const report = await change(secret, open, ['query Other { me { id } }']);
  expect([report.result, told(report)]).toEqual([
    'fail',
    ['error | D3 | CACHING_LOOSENED | Query.me was PRIVATE for caches, and is PUBLIC 60 s.'],
  ]);
  const back = await change(open, secret, ['query Me { me { id } }']);
  expect([back.result, told(back)]).toEqual([
    'pass',
    [
      'warning | D2 | CACHING_GETS_WORSE | Me | the answer could be kept for everybody, and only for its caller now: Query.me.',
    ],
  ]);
});

const GUARDED = (guard: string) => ({ users: `type Query { me: User }\ntype User { id: ID! email: String ${guard} }` });
const SCOPED = '@requiresScopes(scopes: [["pii"]])';

test('E1: a dropped @requiresScopes fails, although the API is the same and nobody uses the field', async () => {
  const report = await change(GUARDED(SCOPED), GUARDED(''), ['query Me { me { id } }']);
  expect([report.result, report.changes]).toEqual(['fail', []]);
  expect(byRule(report, 'E1').map(printProblem)).toEqual([
    'error ACCESS_LOOSENED  User.email was for scopes pii, and is for anybody.\n' +
      `  If it is meant: weft approve ${byRule(report, 'E1')[0]?.fingerprint} --reason "..." --until 7d\n` +
      '  subgraphs/users/schema.graphql:3:21\n' +
      '    3 | type User { id: ID! email: String  }\n' +
      '      |                     ^',
  ]);
});

test('E1: an approval turns this very change green, until it ends, and no other change', async () => {
  const fingerprint = byRule(await change(GUARDED(SCOPED), GUARDED(''), []), 'E1')[0]?.fingerprint ?? '';
  const approvals = [{ fingerprint, reason: 'public since the new terms', by: 'ana', until: '2026-12-01T00:00:00Z' }];
  const checked = (after: string, now: string) =>
    change(GUARDED(SCOPED), GUARDED(after), ['query Me { me { id } }'], { approvals, now: new Date(now) });
  const green = await checked('', '2026-11-30T00:00:00Z');
  expect([green.result, byRule(green, 'E1')[0]?.approved]).toEqual([
    'pass',
    { reason: 'public since the new terms', by: 'ana', until: '2026-12-01T00:00:00Z' },
  ]);
  expect((await checked('', '2026-12-01T00:00:00Z')).result).toBe('fail');
  expect((await checked('@requiresScopes(scopes: [["other"]])', '2026-11-30T00:00:00Z')).result).toBe('fail');
});

test.each([
  ['one more scope that is enough', SCOPED, '@requiresScopes(scopes: [["pii"], ["admin"]])', 'E1'],
  ['one more scope that is needed too', SCOPED, '@requiresScopes(scopes: [["pii", "admin"]])', 'E2'],
  ['scopes instead of being somebody', '@authenticated', SCOPED, 'E2'],
  ['being somebody instead of scopes', SCOPED, '@authenticated', 'E1'],
  ['being somebody instead of nothing', '', '@authenticated', 'E2'],
  ['other scopes', SCOPED, '@requiresScopes(scopes: [["other"]])', 'E1'],
  [
    'the same scopes in another order',
    '@requiresScopes(scopes: [["a", "b"]])',
    '@requiresScopes(scopes: [["b", "a"]])',
    undefined,
  ],
])('who may see: %s', async (_what, before, after, rule) => {
  const report = await change(GUARDED(before), GUARDED(after), ['query Me { me { email } }']);
  expect(report.problems.map((problem) => problem.rule)).toEqual(rule === undefined ? [] : [rule]);
  expect(report.result).toBe(rule === 'E1' ? 'fail' : 'pass');
});

test('E2: a rule that is added warns with the operation; where nobody selects the field it is a note', async () => {
  const used = await change(GUARDED(''), GUARDED(SCOPED), ['query Mail { me { email } }']);
  expect(told(used)).toEqual([
    'warning | E2 | ACCESS_TIGHTENED | Mail | User.email was for anybody, and is for scopes pii.',
  ]);
  const unused = await change(GUARDED(''), GUARDED(SCOPED), ['query Me { me { id } }']);
  expect(told(unused)).toEqual(['note | E2 | ACCESS_TIGHTENED | User.email was for anybody, and is for scopes pii.']);
});

test('E1: an @inaccessible that goes fails until it is approved; a field that is new does not', async () => {
  const before = GUARDED('@inaccessible');
  const report = await change(before, { users: GUARDED('').users.replace('id: ID!', 'id: ID! fresh: Int') }, [
    'query Me { me { id } }',
  ]);
  expect([report.result, told(report)]).toEqual([
    'fail',
    ['error | E1 | NEWLY_SHOWN | User.email was hidden, and the API shows it now.'],
  ]);
});

test('E1: a contract that shows what was there before and not in it fails', async () => {
  const contracts = { partner: { include: [], exclude: ['internal'] } };
  const graph = (tag: string) => ({ users: `type Query { me: User }\ntype User { id: ID! email: String ${tag} }` });
  const report = await change(graph('@tag(name: "internal")'), graph(''), ['query Me { me { id } }'], { contracts });
  expect([report.result, told(report)]).toEqual([
    'fail',
    ['error | E1 | NEWLY_SHOWN | User.email was hidden, and the contract partner shows it now.'],
  ]);
});

test('a contract of which nothing is left is no schema', async () => {
  const graph = { users: 'type Query { me: Int @tag(name: "internal") }' };
  const report = await change(graph, graph, ['query Me { me }'], {
    contracts: { partner: { include: [], exclude: ['internal'] } },
  });
  expect([report.result, report.problems.map(({ code }) => code)]).toEqual(['fail', ['CONTRACT_INVALID']]);
});

test('A: with no operation and no usage, a removed field fails, for nobody knows who uses it', async () => {
  const graph = (more: string) => ({ users: `type Query { a: Int ${more} }` });
  const unknown = await change(graph('b: Int'), graph(''), []);
  expect([unknown.result, told(unknown)]).toEqual([
    'fail',
    ["error | A | USE_UNKNOWN | Field 'b' was removed from object type 'Query', and it is not known who uses it."],
  ]);
  const known = await change(graph('b: Int'), graph(''), ['query A { a }']);
  expect([known.result, told(known)]).toEqual(['pass', []]);
  const partial = await change(graph('b: Int'), graph(''), ['query A { a }'], {
    policy: { ...DEFAULT_POLICY, operations: 'partial' },
  });
  expect(partial.result).toBe('fail');
});

test('C7 and G: what only accepts more, or only says more, passes even when nobody knows who uses it', async () => {
  const before = { a: 'type Query { a(x: Int!): Int b: Int }\nenum E { A }\ntype Unused { x: Int }' };
  const after = {
    a: '"text"\ntype Query { "more" a(x: Int, y: Int): Int b: Int @deprecated(reason: "old") c(e: E): Int }\nenum E { A B }',
  };
  const report = await change(before, after, []);
  expect([report.result, told(report).filter((text) => !text.startsWith('note'))]).toEqual(['pass', []]);
  expect(report.changes.map(({ type, rule }) => [type, rule])).toEqual(
    expect.arrayContaining([
      ['TYPE_REMOVED', 'C7'],
      ['FIELD_DEPRECATION_ADDED', 'G'],
    ]),
  );
});

test('F3: a subgraph that goes fails when nobody knows who uses it', async () => {
  const b = 'type Query { b: Int }';
  const a = { a: 'type Query { a: Int }' };
  const report = await change({ ...a, b }, a, []);
  expect([report.result, byRule(report, 'F3').map(({ message }) => message)]).toEqual([
    'fail',
    ["Subgraph 'b' was removed, and it is not known who uses it."],
  ]);
});

test('strict clients fail on what others are warned of', async () => {
  const graph = (type: string) => ({ a: `type Query { a: ${type} }` });
  const report = await change(graph('Int!'), graph('Int'), ['query A { a }'], {
    policy: { ...DEFAULT_POLICY, strictClients: ['*'] },
  });
  expect([report.result, byRule(report, 'C2').map(({ severity }) => severity)]).toEqual(['fail', ['error']]);
});

test('a default of an input field that changes warns those who pass it by variable', async () => {
  const graph = (value: number) => ({ a: `type Query { a(i: I): Int }\ninput I { x: Int = ${value} }` });
  const report = await change(graph(1), graph(2), ['query A($i: I) { a(i: $i) }']);
  expect(told(report)).toEqual([
    'warning | C6 | DEFAULT_CHANGES | A | Values of $i can leave out I.x, whose default changes from 1 to 2.',
  ]);
});

test('D1: a root field that moves to another subgraph is planned again, although no type of it changed', async () => {
  const products = (root: string) =>
    `type Query { ${root} other: Int }\ntype P @key(fields: "id") { id: ID! name: String }`;
  const stub = 'type P @key(fields: "id") { id: ID! }';
  const before = { products: products('top: P'), search: `type Query { hits: Int }\n${stub}` };
  const after = {
    products: products('top: P'),
    search: `type Query { hits: Int top: P @override(from: "products") }\n${stub}`,
  };
  const report = await change(before, after, ['query Top { top { name } }', 'query Other { other }']);
  expect(report.changes).toEqual([]);
  expect(report.supergraphChanges.map(({ message }) => message)).toEqual([
    'Query.top was answered by products, and is by search.',
  ]);
  expect(byRule(report, 'D1').map(({ operation, details }) => [operation, details?.slice(0, 2)])).toEqual([
    ['Top', ['before products', 'after  search > products(top)']],
  ]);
});

test('a contract leaves out what names an element outside of it, and keeps what is tagged for it', async () => {
  const contracts = { mobile: { include: ['mobile'], exclude: [] } };
  const graph = (tag: string) => ({
    a: `type Query { me: User @tag(name: "mobile") admin(by: Secret!): Int @tag(name: "mobile") }
      type User @tag(name: "mobile") { id: ID! audit: Audit }
      type Audit ${tag} { at: Int }
      input Secret { key: String @tag(name: "mobile") }`,
  });
  const report = await change(graph(''), graph('@tag(name: "mobile")'), ['query Me { me { id } }'], { contracts });
  expect(byRule(report, 'E1').map(({ coordinates }) => coordinates)).toEqual([['Audit'], ['User.audit']]);
});
