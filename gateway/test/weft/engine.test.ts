import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import { GraphError } from '@weft/errors';
import { type LocalGraph, localGraph } from '../local-graph.ts';
import { products, reviews } from '../shop.ts';

let graph: LocalGraph;
beforeAll(async () => {
  graph = await localGraph([products, reviews]);
});
beforeEach(() => {
  graph.interfere = undefined;
  graph.calls.length = 0;
});

const ask = (...[query, options]: [string, Parameters<LocalGraph['ask']>[2]?]) => graph.ask('weft', query, options);
const bodies = () =>
  graph.calls.map(({ body }) => JSON.parse(body) as { query: string; variables: { representations?: unknown[] } });
/** Answers reviews with this, and products as it is. */
const reviewsAnswer = (answer: unknown) => {
  graph.interfere = ({ subgraph }) => (subgraph === 'reviews' ? Promise.resolve(JSON.stringify(answer)) : undefined);
};

test('an alias that is the name of a key does not stand in for the key', async () => {
  expect(await ask('{ products { id: name ... on Book { rating } } }')).toEqual({
    data: { products: [{ id: 'Loom', rating: 1.5 }, { id: 'Shuttle' }, { id: 'Weft', rating: 3.5 }] },
  });
});

test('names that mean something to JavaScript are names like others', async () => {
  const query = '{ __proto__: products { then: id constructor: name toString: price } hasOwnProperty: __typename }';
  const { data } = await ask(query);
  expect(JSON.stringify(data)).toBe(
    '{"__proto__":[{"then":"1","constructor":"Loom","toString":1290},{"then":"2","constructor":"Shuttle","toString":450},{"then":"3","constructor":"Weft","toString":2500}],"hasOwnProperty":"Query"}',
  );
});

test('an object that stands at several places is asked for once and answered at each', async () => {
  const { data } = await ask('{ a: products { ... on Book { rating } } b: products { ... on Book { rating } } }');
  expect(data).toMatchObject({ a: [{ rating: 1.5 }, {}, { rating: 3.5 }], b: [{ rating: 1.5 }, {}, { rating: 3.5 }] });
  expect(bodies()).toHaveLength(2);
  expect(bodies()[1]?.variables.representations).toEqual([
    { __typename: 'Book', id: '1' },
    { __typename: 'Book', id: '3' },
  ]);
});

test('an error of an entity is told at each of its places, under names of the client', async () => {
  reviewsAnswer({
    data: { _entities: [{ w__name: null }, { w__name: 2 }] },
    errors: [{ message: 'x', path: ['_entities', 0, 'w__name'] }],
  });
  const { data, errors } = await ask(
    '{ id: products { ... on Book { name: rating } } price: product(id: "1") { ... on Book { name: rating } } }',
  );
  expect(data).toEqual({ id: [{ name: null }, {}, { name: 2 }], price: { name: null } });
  expect(errors?.map(({ path }) => path?.join('.')).sort()).toEqual(['id.0.name', 'price.name']);
});

test.each([
  ['too few', [{ rating: 1 }]],
  ['too many', [{ rating: 1 }, { rating: 2 }, { rating: 3 }]],
  ['none', null],
])('%s entities say nothing about any', async (_what, _entities) => {
  reviewsAnswer({ data: { _entities } });
  const { data, errors } = await ask('{ products { name ... on Book { rating } } }');
  expect(data).toEqual({
    products: [{ name: 'Loom', rating: null }, { name: 'Shuttle' }, { name: 'Weft', rating: null }],
  });
  expect(errors?.map(({ path }) => path)).toEqual([
    ['products', 0, 'rating'],
    ['products', 2, 'rating'],
  ]);
});

test('an entity that is not there is null without an error, one of a wrong kind has one', async () => {
  reviewsAnswer({ data: { _entities: [null, 7] } });
  expect(await ask('{ products { ... on Book { rating } } }')).toMatchObject({
    data: { products: [{ rating: null }, {}, { rating: null }] },
    errors: [{ path: ['products', 2, 'rating'] }],
  });
});

test('a field that a subgraph leaves out is null with an error', async () => {
  reviewsAnswer({ data: { _entities: [{}, { rating: 1 }] } });
  expect(await ask('{ products { ... on Book { rating } } }')).toMatchObject({
    data: { products: [{ rating: null }, {}, { rating: 1 }] },
    errors: [{ message: 'A subgraph left out field Book.rating.', path: ['products', 0, 'rating'] }],
  });
});

test('a field that a subgraph was not asked for is not taken from it', async () => {
  graph.interfere = ({ subgraph }, answer) =>
    subgraph === 'products'
      ? Promise.resolve('{"data":{"products":[{"__typename":"Book","id":"1","name":"Loom","rating":5}]}}')
      : subgraph === 'reviews'
        ? Promise.resolve('{"data":{"_entities":[{"rating":null,"name":"Other"}]}}')
        : answer();
  expect(await ask('{ products { name ... on Book { rating } } }')).toEqual({
    data: { products: [{ name: 'Loom', rating: null }] },
  });
});

test('a number is no object, however it is written', async () => {
  graph.interfere = () => Promise.resolve('{"data":1e3}');
  expect(await ask('{ whoami }')).toMatchObject({
    data: { whoami: null },
    errors: [{ path: ['whoami'], extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } }],
  });
});

test('data: null comes with errors, at the fields that are missing', async () => {
  graph.interfere = () => Promise.resolve('{"data":null,"errors":[{"message":"x"}]}');
  expect(await ask('{ whoami products { name } }')).toMatchObject({
    data: null,
    errors: [{ path: ['whoami'] }, { path: ['products'] }],
  });
});

test('digits are passed on as they came', async () => {
  const text = '{"data":{"_entities":[{"rating":1.50},{"rating":12345678901234567890.125}]}}';
  graph.interfere = ({ subgraph }) => (subgraph === 'reviews' ? Promise.resolve(text) : undefined);
  expect(await graph.text('weft', '{ products { ... on Book { rating } } }')).toBe(
    '{"data":{"products":[{"rating":1.50},{},{"rating":12345678901234567890.125}]}}',
  );
});

test('a mutation runs its fields one after the other, in their order, and none twice', async () => {
  const rename = (alias: string) => `${alias}: rename(id: "1", name: "${alias}") { name ... on Book { rating } }`;
  const query = `mutation { ${rename('c')} ... { ${rename('b')} } ... on Mutation { ${rename('c')} ${rename('a')} } }`;
  const { data } = await ask(query);
  expect(Object.keys(data ?? {})).toEqual(['c', 'b', 'a']);
  const fields = bodies().flatMap(({ query: sent }) => sent.match(/\b[abc]:rename/g) ?? []);
  expect(fields).toEqual(['c:rename', 'b:rename', 'a:rename']);
});

test('a field of a mutation that stands under a condition and without one is run once', async () => {
  const query = `mutation ($yes: Boolean!) {
    a: rename(id: "1", name: "x") @include(if: $yes) { id }
    b: rename(id: "2", name: "y") { id }
    a: rename(id: "1", name: "x") { name }
  }`;
  expect((await ask(query, { variables: { yes: true } })).data).toEqual({ a: { id: '1', name: 'x' }, b: { id: '2' } });
  expect(bodies().flatMap(({ query: sent }) => sent.match(/\b[ab]:rename/g) ?? [])).toEqual(['a:rename', 'b:rename']);
});

test('conditions on variables leave fetches out, or fields of one', async () => {
  const query =
    'query ($yes: Boolean = false) { product(id: "1") { name @skip(if: $yes) ... on Book @include(if: $yes) { rating } } }';
  expect(await ask(query)).toEqual({ data: { product: { name: 'Loom' } } });
  expect(bodies()).toHaveLength(1);
  expect(await ask(query, { variables: { yes: true } })).toEqual({ data: { product: { rating: 1.5 } } });
  expect((await ask(query, { variables: { yes: null } })).errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
  });
});

test('introspection is answered here, with variables and aliases', async () => {
  const query =
    'query ($n: String!) { id: __type(name: $n) { name: kind price: fields { name } } __schema { queryType { name } } }';
  expect(await ask(query, { variables: { n: 'Tool' } })).toEqual({
    data: {
      id: { name: 'OBJECT', price: ['id', 'name', 'price', 'grade'].map((name) => ({ name })) },
      __schema: { queryType: { name: 'Query' } },
    },
  });
  expect(graph.calls).toHaveLength(0);
});

test('an operation that is over sends nothing more and tells why', async () => {
  const over = new AbortController();
  const reason = new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.');
  graph.interfere = ({ subgraph }, answer) => {
    if (subgraph === 'products') over.abort(reason);
    return answer();
  };
  const { data, errors } = await ask('{ product(id: "1") { name ... on Book { rating } } }', { signal: over.signal });
  expect(data).toEqual({ product: { name: 'Loom', rating: null } });
  expect(errors).toMatchObject([{ path: ['product', 'rating'], extensions: { code: 'DEADLINE_EXCEEDED' } }]);
  expect(graph.calls).toHaveLength(1);
});

test('a document that expands without bound is refused before it is planned', async () => {
  const fragments = Array.from({ length: 20 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`);
  const query = `{ ...F0 } ${fragments.join(' ')} fragment F20 on Query { whoami }`;
  const { errors } = await ask(query);
  expect(errors?.[0]?.extensions).toEqual({ code: 'COST_ESTIMATED_TOO_EXPENSIVE', limit: 10_000 });
});
