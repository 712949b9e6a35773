import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isGraphError } from '@weft/errors';
import { type DocumentNode, parse, print } from 'graphql';
import { loadSupergraph } from './load-supergraph.ts';

const sdl = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');

function refusalOf(text: string): string {
  try {
    loadSupergraph(text);
  } catch (error) {
    if (isGraphError(error) && error.code === 'SUPERGRAPH_INVALID') return error.message;
    throw error;
  }
  return 'it is loaded';
}

test('the API schema has what clients may see and nothing else', () => {
  const { schema, subgraphs } = loadSupergraph(sdl);
  const fields = Object.keys(schema.getQueryType()?.getFields() ?? {});
  expect(fields).toEqual(expect.arrayContaining(['me', 'searchProducts', 'job']));
  expect(fields).not.toContain('_entities');
  expect(schema.getType('ParcelClass')).toBeUndefined(); // @inaccessible
  expect(schema.getDirectives().map(({ name }) => name)).not.toContain('join__field');
  expect(subgraphs).toContainEqual({ name: 'products', url: 'http://127.0.0.1:4102/graphql' });
});

test.each([
  ['an empty file', '', 'it is empty.'],
  ['half a file', 'type Query {\n  a: In', 'it is not GraphQL at 2:8: Expected Name, found <EOF>.'],
  ['a schema that was not composed', 'type Query { a: Int }', 'must be a core schema.'],
  [
    'a graph that is not in it',
    sdl.replace('type Category\n', 'type Category @join__type(graph: NOPE)\n'),
    'at LINE:15: Invalid value for "@join__type(graph:)" of type "join__Graph!" in application of "@join__type" to "Category".',
  ],
])('%s is refused with the reason in a sentence', (_what, text, reason) => {
  expect(refusalOf(text).replace(/\d{2,}:/, 'LINE:')).toBe(`The supergraph cannot be loaded: ${reason}`);
});

test('a supergraph of a later join version is refused', () => {
  expect(refusalOf(sdl.replace('specs.apollo.dev/join/v0.5', 'specs.apollo.dev/join/v9.9'))).toMatch(
    /^The supergraph cannot be loaded: uses unsupported join spec version v9\.9 \(supported versions: .*\)\.$/,
  );
});

/** The marketplace with a feature linked, and one use of it. */
function linking(link: string, definition: string, use: string): string {
  return sdl
    .replace(/^\{/m, `@link(${link})\n{`)
    .replace('enum CacheControlScope', `${definition}\n\nenum CacheControlScope`)
    .replace('slug: String!', `slug: String! ${use}`);
}

const spec = (name: string, version = 'v0.1') => `url: "https://specs.apollo.dev/${name}/${version}"`;

test('who may see what is taken out of the supergraph, so that planners load the rest', () => {
  const plain = linking(
    `${spec('authenticated')}, for: SECURITY`,
    'directive @authenticated on FIELD_DEFINITION',
    '@authenticated',
  );
  const renamed = linking(
    `${spec('requiresScopes')}, as: "needs", import: [{ name: "Scope", as: "Right" }], for: SECURITY`,
    'scalar Right\n\ndirective @needs(scopes: [[Right!]!]!) on FIELD_DEFINITION',
    '@needs(scopes: [["a", "b"], ["c"]])',
  );
  const [one, other, without] = [plain, renamed, sdl].map((text) => loadSupergraph(text));
  expect(one?.access).toEqual(new Map([['Category.slug', [{ anyOf: undefined }]]]));
  expect(other?.access).toEqual(new Map([['Category.slug', [{ anyOf: [['a', 'b'], ['c']] }]]]));
  expect(without?.access.size).toBe(0);
  for (const loaded of [one, other]) {
    expect(print(loaded?.document as DocumentNode)).toBe(print(parse(sdl)));
    expect(loaded?.sdl).toBe(print(parse(sdl)));
  }
});

test('a directive of the same name that is not linked protects nothing, and is not taken for one that does', () => {
  const own = sdl
    .replace('enum CacheControlScope', 'directive @authenticated on FIELD_DEFINITION\n\nenum CacheControlScope')
    .replace('slug: String!', 'slug: String! @authenticated');
  expect(loadSupergraph(own).access.size).toBe(0);
});

test('how much a field costs is read, under any name', () => {
  const sized = linking(
    `${spec('cost')}, import: [{ name: "@listSize", as: "@size" }]`,
    `directive @size(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
     directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT`,
    '@cost(weight: 3)',
  ).replace('warehouses: [Warehouse!]!', 'warehouses: [Warehouse!]! @size(assumedSize: 7)');
  expect(loadSupergraph(sized).demand).toEqual({
    listSizes: new Map([['Query.warehouses', { assumedSize: 7, slicingArguments: [], sizedFields: [] }]]),
    weights: new Map([['Category.slug', 3]]),
  });
});

test.each([
  ['policy', 'v0.1', 'for: SECURITY', 'directive @policy on FIELD_DEFINITION', '@policy'],
  ['policy', 'v0.1', 'as: "rule"', 'directive @rule on FIELD_DEFINITION', '@rule'],
  ['context', 'v0.1', 'import: ["@fromContext"]', 'directive @fromContext on FIELD_DEFINITION', '@fromContext'],
  [
    'authenticated',
    'v0.2',
    'import: ["@authenticated"]',
    'directive @authenticated on FIELD_DEFINITION',
    '@authenticated',
  ],
])(
  '@%s %s (%s) is not enforced and so refused, with the fields that carry it',
  (name, version, link, definition, use) => {
    expect(refusalOf(linking(`${spec(name, version)}, ${link}`, definition, use))).toBe(
      `The supergraph cannot be loaded: it uses @${name} (on Category.slug), a feature for SECURITY ` +
        `(https://specs.apollo.dev/${name}/${version}) that the gateway does not support and so refuses: ` +
        'take it out of the subgraphs.',
    );
  },
);

test('a feature for security that nobody knows is refused', () => {
  const unknown = linking(
    'url: "https://example.com/vault/v1.0", for: SECURITY',
    'directive @vault on FIELD_DEFINITION',
    '@vault',
  );
  expect(refusalOf(unknown)).toMatch(/it uses @vault \(on Category.slug\), a feature for SECURITY .* and so refuses/);
});

test('a part of a subgraph that contradicts itself is refused before a planner is built on it', () => {
  const broken = sdl.replace('@join__type(graph: PRODUCTS, key: "id")', '@join__type(graph: PRODUCTS, key: "nope")');
  expect(refusalOf(broken)).toMatch(/^The supergraph cannot be loaded: subgraph "products": .*nope.*\.$/);
});
