import { expect, test } from '@jest/globals';
import { generatedGraph } from '@weft/testing';
import { checkSchema, composeSubgraphs, printProblem, type SubgraphSource } from '../src/index.ts';

/** Graphs that are not the marketplace, in the styles of three federation versions: nothing is made for one of them. */
interface Domain {
  readonly before: Readonly<Record<string, string>>;
  readonly change: readonly [subgraph: string, from: string, to: string];
  readonly operations: readonly string[];
  readonly verdict: readonly [result: 'pass' | 'fail', ...rules: string[]];
}

const V2_3 =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable", "@interfaceObject", "@requires", "@external", "@inaccessible"])\n';
const V2_9 =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@authenticated", "@requiresScopes", "@provides", "@external", "@override", "@tag", "@listSize", "@cost"])\n';

/** Federation 1: no @link, `extend type`, @external on keys. */
const LIBRARY = {
  books: 'type Query { book(isbn: ID!): Book }\ntype Book @key(fields: "isbn") { isbn: ID! title: String! pages: Int }',
  loans:
    'extend type Query { overdue: [Loan!]! }\ntype Loan @key(fields: "id") { id: ID! due: String! book: Book! @provides(fields: "title") }\nextend type Book @key(fields: "isbn") { isbn: ID! @external title: String! @external loans: [Loan!]! }',
  fines:
    'extend type Loan @key(fields: "id") { id: ID! @external due: String! @external fine: Int! @requires(fields: "due") }',
};

/** Federation 2.3: interfaces with keys, @interfaceObject. */
const FLEET = {
  vehicles: `${V2_3}type Query { vehicles: [Vehicle!]! }\ninterface Vehicle @key(fields: "vin") { vin: ID! plate: String }\ntype Truck implements Vehicle @key(fields: "vin") { vin: ID! plate: String load: Float }\ntype Van implements Vehicle @key(fields: "vin") { vin: ID! plate: String seats: Int }`,
  tracking: `${V2_3}type Vehicle @interfaceObject @key(fields: "vin") { vin: ID! position: Position }\ntype Position @shareable { lat: Float! lon: Float! }`,
  depots: `${V2_3}type Query { depot(id: ID!): Depot }\ntype Depot @key(fields: "id") { id: ID! at: Position }\ntype Position @shareable { lat: Float! lon: Float! }`,
};

/** Federation 2.9: rules of who may see what, costs, tags. */
const CLINIC = {
  patients: `${V2_9}type Query { patient(id: ID!): Patient @authenticated }\ntype Patient @key(fields: "id") { id: ID! name: String! diagnosis: String @requiresScopes(scopes: [["doctor"]]) }`,
  visits: `${V2_9}type Query { visits(first: Int): [Visit!]! @listSize(slicingArguments: ["first"]) }\ntype Visit @key(fields: "id") { id: ID! reason: Reason! patient: Patient! }\nenum Reason { CHECKUP PAIN }\ntype Patient @key(fields: "id") { id: ID! visits: [Visit!]! @cost(weight: 5) }`,
};

const DOMAINS: Readonly<Record<string, Domain>> = {
  'Federation 1: a field that is provided no more costs a fetch': {
    before: LIBRARY,
    change: ['loans', ' @provides(fields: "title")', ''],
    operations: ['query Overdue { overdue { due book { title } } }'],
    verdict: ['pass', 'D1'],
  },
  'Federation 1: a field that an operation of another subgraph asks cannot go': {
    before: LIBRARY,
    change: ['books', ' pages: Int', ''],
    operations: ['query Loans { overdue { fine book { pages } } }'],
    verdict: ['fail', 'A'],
  },
  'Federation 2.3: a type that comes behind an interface is told to those who ask the interface': {
    before: FLEET,
    change: [
      'vehicles',
      'type Van ',
      'type Bike implements Vehicle @key(fields: "vin") { vin: ID! plate: String }\ntype Van ',
    ],
    operations: ['query Map { vehicles { vin position { lat lon } } }', 'query Depot { depot(id: 1) { at { lat } } }'],
    verdict: ['pass', 'C3'],
  },
  'Federation 2.3: a value type that one subgraph changes alone does not compose': {
    before: FLEET,
    change: ['depots', 'lat: Float!', 'lat: String!'],
    operations: [],
    verdict: ['fail', 'F2'],
  },
  'Federation 2.9: a scope that is dropped fails although no operation asks the field': {
    before: CLINIC,
    change: ['patients', ' @requiresScopes(scopes: [["doctor"]])', ''],
    operations: ['query Visits { visits(first: 5) { reason patient { name } } }'],
    verdict: ['fail', 'E1'],
  },
  'Federation 2.9: an enum value that is only answered warns': {
    before: CLINIC,
    change: ['visits', 'CHECKUP PAIN', 'CHECKUP PAIN FOLLOW_UP'],
    operations: ['query Visits { visits(first: 5) { reason patient { name } } }'],
    verdict: ['pass', 'C3'],
  },
};

function sources(sdls: Readonly<Record<string, string>>): SubgraphSource[] {
  return Object.entries(sdls).map(([name, sdl]) => ({
    name,
    url: `http://${name}.test`,
    file: `${name}.graphql`,
    sdl,
  }));
}

function composed(subgraphs: readonly SubgraphSource[]): string {
  const composition = composeSubgraphs(subgraphs);
  if ('errors' in composition) throw new Error(composition.errors.map(printProblem).join('\n'));
  return composition.supergraphSdl;
}

test.each(Object.keys(DOMAINS))('%s', async (name) => {
  const { before, change, operations, verdict } = DOMAINS[name] as Domain;
  const [subgraph, from, to] = change;
  const sdl = before[subgraph] ?? '';
  expect(sdl).toContain(from);
  const report = await checkSchema({
    subgraphs: sources({ ...before, [subgraph]: sdl.replace(from, to) }),
    base: { name: 'base', supergraphSdl: composed(sources(before)), subgraphs: sources(before) },
    operations: operations.map((text, index) => ({ file: `${index}.graphql`, text })),
  });
  const counted = report.problems.filter(({ severity }) => severity !== 'note').map(({ rule }) => rule);
  expect([report.result, ...counted.filter((rule) => rule !== undefined)]).toEqual(verdict);
});

test('a generated graph checks by the same rules: one field that can be null now warns exactly those who select it', async () => {
  const { sdls, operations } = generatedGraph({ subgraphs: 6, types: 20, operations: 24 });
  const before = sources(Object.fromEntries(sdls));
  const after = before.map((one) =>
    one.name === 's1' ? { ...one, sdl: one.sdl.replace(/(type E1_0 [^}]*count: Int)!/, '$1') } : one,
  );
  const report = await checkSchema({
    subgraphs: after,
    base: { name: 'base', supergraphSdl: composed(before), subgraphs: before },
    operations: [...operations].map(([name, text]) => ({ file: `${name}.graphql`, text })),
  });
  expect(report.changes.map(({ coordinate, rule }) => [coordinate, rule])).toEqual([['E1_0.count', 'C2']]);
  const warned = report.problems.filter(({ rule }) => rule === 'C2');
  // `next` leads from one subgraph to the next, and every level below the first asks for `count`, as does each `from`
  const selects = (text: string) => {
    const [, s = '', t = ''] = /e(\d)_(\d+)\(/.exec(text) ?? [];
    const levels = [...text.matchAll(/from(\d) \{ id count \}/g)].length;
    const reached = Array.from({ length: levels }, (_, level) => (Number(s) + 1 + level) % 6);
    const asked = [...reached, ...reached.map((at) => (at + 5) % 6)];
    return t === '0' && asked.includes(1);
  };
  const expected = [...operations].filter(([, text]) => selects(text)).map(([name]) => name);
  expect(expected.length).toBeGreaterThan(0);
  expect([...new Set(warned.map(({ operation }) => operation))]).toEqual(expected);
  expect(report.result).toBe('pass');
}, 60_000);
