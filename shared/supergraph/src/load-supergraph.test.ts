import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isGraphError } from '@weft/errors';
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

test('a feature for security that the stock gateway does not know is refused, with the fields that carry it', () => {
  const link = '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)\n{';
  const secured = sdl
    .replace(/^\{/m, link)
    .replace('enum CacheControlScope', 'directive @authenticated on FIELD_DEFINITION\n\nenum CacheControlScope')
    .replace('slug: String!', 'slug: String! @authenticated');
  expect(refusalOf(secured)).toBe(
    'The supergraph cannot be loaded: it uses @authenticated (on Category.slug), a feature for SECURITY ' +
      '(https://specs.apollo.dev/authenticated/v0.1) that the gateway does not support and so refuses: ' +
      'take it out of the subgraphs.',
  );
});

test('a part of a subgraph that contradicts itself is refused before a planner is built on it', () => {
  const broken = sdl.replace('@join__type(graph: PRODUCTS, key: "id")', '@join__type(graph: PRODUCTS, key: "nope")');
  expect(refusalOf(broken)).toMatch(/^The supergraph cannot be loaded: subgraph "products": .*nope.*\.$/);
});
