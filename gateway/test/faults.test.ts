import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { engineUnderTest } from './engine-under-test.ts';
import { closeShops, openShop, type Shop } from './shop.ts';
import { sendJson } from './subgraph-peer.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ traffic: { timeout: '300ms', operationTimeout: '2s', maxResponseBytes: '64KiB' } });
});
afterEach(() => {
  shop.reviews.answer = undefined;
  shop.products.answer = undefined;
});
afterAll(closeShops);

const QUERY = '{ product(id: "1") { name ... on Book { reviews { body } } } }';
const PATH = ['product', 'reviews'];
/** What a client gets when reviews fails: the rest of the answer, and one error on the field. */
const without = (code: string, message: string) => ({
  status: 200,
  json: {
    errors: [{ message, path: PATH, extensions: { code } }],
    data: { product: { name: 'Loom', reviews: null } },
  },
});
const UNUSABLE = without('SUBREQUEST_MALFORMED_RESPONSE', 'A subgraph sent an answer that cannot be used.');
const UNREACHED = without('SUBREQUEST_HTTP_ERROR', 'A subgraph could not be reached.');
const REFUSED = without('SUBREQUEST_HTTP_ERROR', 'A subgraph refused the request.');

type Fault = (request: IncomingMessage, response: ServerResponse) => void;
const text =
  (body: string | Buffer, type = 'application/json', status = 200): Fault =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type }).end(body);
const entities = (list: unknown): Fault => text(JSON.stringify({ data: { _entities: list } }));

const FAULTS: [string, Fault, typeof UNUSABLE][] = [
  ['resets the connection', (request) => void request.socket.resetAndDestroy(), UNREACHED],
  ['closes the connection', (request) => void request.socket.end(), UNREACHED],
  ['hangs', () => undefined, without('SUBGRAPH_TIMEOUT', 'A subgraph did not answer in time.')],
  [
    'trickles',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    },
    without('SUBGRAPH_TIMEOUT', 'A subgraph did not answer in time.'),
  ],
  ['is not HTTP', (request) => void request.socket.end('SSH-2.0-OpenSSH_9\r\n'), UNUSABLE],
  ['sends a page', text('<html>', 'text/html'), UNUSABLE],
  ['sends a page with 502', text('<html>10.0.0.3 down', 'text/html', 502), REFUSED],
  ['sends no media type', (_request, response) => void response.writeHead(200).end('{}'), UNUSABLE],
  ['sends half of a JSON', text('{"data":{"_entities":['), UNUSABLE],
  [
    'breaks off',
    (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"data":');
      setTimeout(() => response.destroy(), 20);
    },
    UNUSABLE,
  ],
  [
    'sends bytes that are not UTF-8',
    text(Buffer.from('{"data":{"_entities":[{"__typename":"Book","reviews":[{"body":"\xff"}]}]}}', 'latin1')),
    UNUSABLE,
  ],
  [
    'compresses unasked',
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('x'),
    UNUSABLE,
  ],
  [
    'announces too much',
    (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99999999' }).write(' '),
    UNUSABLE,
  ],
  ['sends too much', entities([{ __typename: 'Book', reviews: [{ body: 'x'.repeat(100_000) }] }]), UNUSABLE],
  ['sends a list', text('[]'), UNUSABLE],
  ['sends nothing of GraphQL', text('{}'), UNUSABLE],
  ['sends data: null without errors', text('{"data":null}'), UNUSABLE],
  ['sends data of another kind', text('{"data":"x"}'), UNUSABLE],
  ['sends errors of another kind', text('{"data":{"_entities":[null]},"errors":{}}'), UNUSABLE],
  ['sends too few entities', entities([]), UNUSABLE],
  ['sends too many entities', entities([null, null]), UNUSABLE],
  ['sends entities of another kind', entities(['x']), UNUSABLE],
  ['sends no entities', text('{"data":{"_entities":null}}'), UNUSABLE],
  [
    'refuses with 401',
    text('{"errors":[{"message":"who are you","extensions":{"code":"UNAUTHENTICATED"}}]}', 'application/json', 401),
    REFUSED,
  ],
  [
    'refuses with 503',
    text('{"errors":[{"message":"busy","extensions":{"code":"DATABASE_BUSY"}}]}', 'application/json', 503),
    without('DATABASE_BUSY', 'Subgraph error'),
  ],
];

for (const [what, fault, expected] of FAULTS) {
  test(`a subgraph that ${what} fails its own field and no other`, async () => {
    shop.reviews.answer = fault;
    const { status, json } = await shop.ask(QUERY);
    expect({ status, json }).toEqual(expected);
    shop.reviews.answer = undefined;
    expect((await shop.ask(QUERY)).json).toEqual({
      data: { product: { name: 'Loom', reviews: [{ body: 'Review 1' }] } },
    });
  });
}

test('a subgraph that is down is told at once, with every place of the list', async () => {
  await shop.reviews.kill();
  const { status, json } = await shop.ask('{ products { id ... on Book { rating } } }');
  await shop.reviews.restart();
  const error = (index: number) => ({
    message: 'A subgraph could not be reached.',
    path: ['products', index, 'rating'],
    extensions: { code: 'SUBREQUEST_HTTP_ERROR' },
  });
  expect({ status, json }).toEqual({
    status: 200,
    json: {
      errors: [error(0), error(2)],
      data: { products: [{ id: '1', rating: null }, { id: '2' }, { id: '3', rating: null }] },
    },
  });
});

test('a literal that only the subgraph can judge is the fault of the client, and other subgraphs are not touched', async () => {
  const query = '{ cheaper(than: "abc") { id } same: cheaper(unlike: ["5 EUR", "x"]) { id } latest { id } }';
  const { status, json } = await shop.ask(query);
  const latest = [{ id: '1' }, { id: '3' }];
  expect({ status, data: json.data }).toEqual({ status: 200, data: { cheaper: null, same: null, latest } });
  const told = (path: string, argument: string) => ({
    message: `The value of the argument "${argument}" is not one that can be used here.`,
    path: [path],
    extensions: { code: 'BAD_USER_INPUT' },
  });
  // the subgraph refused the whole request, so each field of it has the error of each value
  for (const path of ['cheaper', 'same']) {
    expect(json.errors).toContainEqual(told(path, 'than'));
    expect(json.errors).toContainEqual(told(path, 'unlike'));
  }
  expect(json.errors).toHaveLength(4);
  expect((await shop.ask('{ cheaper(than: "1000 EUR") { id } }')).json).toEqual({ data: { cheaper: [{ id: '2' }] } });
});

test('a value in a variable that only the subgraph can judge is the fault of the client', async () => {
  const query = 'query($than: Price) { cheaper(than: $than) { id } latest { id } }';
  const { json } = await shop.ask(query, { variables: { than: 'abc' } });
  expect(json.data).toEqual({ cheaper: null, latest: [{ id: '1' }, { id: '3' }] });
  expect(json.errors).toMatchObject([{ path: ['cheaper'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

const invalid = (extensions: unknown, locations: unknown): Fault =>
  text(JSON.stringify({ errors: [{ message: 'x', locations, extensions }] }), 'application/json', 400);
const VALIDATION = { code: 'GRAPHQL_VALIDATION_FAILED' };

test('a subgraph that does not know what the supergraph says of it is no fault of the client', async () => {
  for (const [extensions, locations] of [
    [VALIDATION, [{ line: 1, column: 2 }]],
    [VALIDATION, [{ line: 99, column: 1 }]],
    [VALIDATION, [{ line: -1 }]],
    [VALIDATION, 'x'],
    [{ code: 'X' }, undefined],
    [undefined, undefined],
  ]) {
    shop.products.answer = invalid(extensions, locations);
    const { json } = await shop.ask('{ cheaper(than: "1 EUR") { id } }');
    expect(json).toMatchObject({ errors: [{ path: ['cheaper'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }] });
  }
  shop.products.answer = invalid(VALIDATION, undefined);
  const { json } = await shop.ask('{ whoami }');
  expect(json).toMatchObject({ errors: [{ path: ['whoami'], extensions: { code: 'SUBREQUEST_HTTP_ERROR' } }] });
});

test('a scalar that does not say which literal it refuses is believed', async () => {
  shop.products.answer = invalid(VALIDATION, undefined);
  const { json } = await shop.ask('{ cheaper(than: "1 EUR") { id } }');
  const message = 'The value of an argument is not one that can be used here.';
  expect(json.errors).toEqual([{ message, path: ['cheaper'], extensions: { code: 'BAD_USER_INPUT' } }]);
});

test('without any data the status is that of the code', async () => {
  shop.products.answer = () => undefined;
  const query = '{ whoami }';
  expect(await shop.ask(query)).toMatchObject({ status: 200, json: { data: { whoami: null } } });
});

test('an entity that is not there any more nulls what must have it, and says so', async () => {
  shop.products.answer = entities([null, { __typename: 'Book', name: 'Weft', pages: 320 }]);
  const { status, json } = await shop.ask('{ latest { body book { id name pages } } }');
  expect({ status, json }).toEqual({
    status: 200,
    json: {
      errors: [
        {
          message: 'The object that has this field is not there any more.',
          path: ['latest', 0, 'book', 'name'],
          extensions: { code: 'ENTITY_NOT_FOUND' },
        },
      ],
      data: {
        latest: [
          { body: 'Review 1', book: null },
          { body: 'Review 3', book: { id: '3', name: 'Weft', pages: 320 } },
        ],
      },
    },
  });
  // where null may be, it is the answer
  expect((await shop.ask('{ latest { book { id pages } } }')).json).toEqual({
    data: { latest: [{ book: { id: '1', pages: null } }, { book: { id: '3', pages: 320 } }] },
  });
});

test('an entity that is there without a field that it must have is a fault of its subgraph', async () => {
  shop.products.answer = entities([{ __typename: 'Book', name: null }, null]);
  const { json } = await shop.ask('{ latest { book { name } } }');
  expect(json.data).toEqual({ latest: [{ book: null }, { book: null }] });
  expect(json.errors).toMatchObject([
    { path: ['latest', 0, 'book', 'name'], extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } },
    { path: ['latest', 1, 'book', 'name'], extensions: { code: 'ENTITY_NOT_FOUND' } },
  ]);
});

test("an error of one entity has the client's path, though other types stand between", async () => {
  shop.reviews.answer = (_request, response, ...[body]) => {
    const { representations } = (
      JSON.parse(body as unknown as string) as { variables: { representations: { id: string }[] } }
    ).variables;
    expect(representations.map(({ id }) => id)).toEqual(['1', '3']);
    sendJson(response, {
      data: {
        _entities: [
          { __typename: 'Book', rating: 1 },
          { __typename: 'Book', rating: null },
        ],
      },
      errors: [
        { message: 'SELECT * FROM secret', path: ['_entities', 1, 'rating'], locations: [{ line: 1, column: 1 }] },
      ],
    });
  };
  const { json } = await shop.ask('{ products { id ... on Book { rating } } }');
  expect(json).toEqual({
    errors: [
      { message: 'Subgraph error', path: ['products', 2, 'rating'], extensions: { code: 'DOWNSTREAM_SERVICE_ERROR' } },
    ],
    data: { products: [{ id: '1', rating: 1 }, { id: '2' }, { id: '3', rating: null }] },
  });
});

test('a value of the wrong kind is null with an error, never delivered', async () => {
  shop.reviews.answer = entities([{ __typename: 'Book', rating: 'high' }]);
  const { json } = await shop.ask('{ product(id: "1") { name ... on Book { rating } } }');
  expect(json.data).toEqual({ product: { name: 'Loom', rating: null } });
  expect(json.errors).toMatchObject([
    { path: ['product', 'rating'], extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } },
  ]);
});

test('an entity of another type is not merged, and what is known of it stays', async () => {
  shop.reviews.answer = entities([{ __typename: 'Tool', rating: 5 }]);
  const { json } = await shop.ask('{ product(id: "1") { __typename name ... on Book { rating } } }');
  expect(json.data).toEqual({ product: { __typename: 'Book', name: 'Loom', rating: null } });
  expect(json.errors).toMatchObject([{ path: ['product'], extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } }]);
});

test('a null where none may be comes with an error', async () => {
  shop.reviews.answer = entities([{ __typename: 'Book', reviews: [{ body: null }] }]);
  const { json } = await shop.ask(QUERY);
  expect(json.data).toEqual({ product: { name: 'Loom', reviews: null } });
  expect(json.errors).toMatchObject([{ extensions: { code: 'SUBREQUEST_MALFORMED_RESPONSE' } }]);
});

test('an object where a value should be, and the reverse, do not break the answer silently', async () => {
  shop.reviews.answer = entities([{ __typename: 'Book', reviews: 'x' }]);
  const { status, json } = await shop.ask(QUERY);
  expect(json.errors?.[0]?.extensions.code).toBe('SUBREQUEST_MALFORMED_RESPONSE');
  // the stock engine gives up the whole answer
  const stock = { status: 502, data: undefined };
  const ours = { status: 200, data: { product: { name: 'Loom', reviews: null } } };
  expect({ status, data: json.data }).toEqual(engineUnderTest() === 'apollo' ? stock : ours);
});

test('words, extensions, addresses and stacks of a subgraph that is not ours stay inside', async () => {
  shop.products.answer = (_request, response) =>
    sendJson(response, {
      data: { product: null },
      errors: [
        {
          message: 'connect ECONNREFUSED 10.1.2.3:5432',
          path: ['product'],
          extensions: {
            code: 'DATABASE_BUSY',
            exception: { stacktrace: ['at pg.js'] },
            serviceName: 'x',
            traceId: 't',
          },
        },
      ],
    });
  const { text: body } = await shop.ask(QUERY);
  expect(JSON.parse(body)).toEqual({
    errors: [{ message: 'Subgraph error', path: ['product'], extensions: { code: 'DATABASE_BUSY' } }],
    data: { product: null },
  });
});

test('ten thousand failed places are told as a hundred', async () => {
  shop.products.answer = (_request, response) =>
    sendJson(response, {
      data: { products: Array.from({ length: 900 }, (_, id) => ({ __typename: 'Book', id: String(id) })) },
    });
  shop.reviews.answer = text('x');
  const { json } = await shop.ask('{ products { ... on Book { rating } } }');
  expect(json.errors).toHaveLength(100);
  expect(json.errors?.[99]?.extensions).toMatchObject({ folded: 800 });
});

test('a later fetch has only what is left of the operation, and one that comes too late is not sent', async () => {
  const hasty = await openShop({ traffic: { timeout: '5s', operationTimeout: '600ms' } });
  const book = { data: { product: { __typename: 'Book', id: '1', name: 'Loom' } } };
  hasty.products.answer = (_request, response) => void setTimeout(() => sendJson(response, book), 200);
  expect((await hasty.ask(QUERY)).json.errors).toBeUndefined();
  const left = [hasty.products, hasty.reviews].map(({ asked }) => Number(asked[0]?.headers['weft-deadline-ms']));
  expect(left[0]).toBeLessThanOrEqual(600);
  expect(left[1]).toBeLessThanOrEqual(400);
  hasty.products.answer = () => undefined;
  const started = performance.now();
  const { json } = await hasty.ask(QUERY);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(json).toMatchObject({ data: { product: null }, errors: [{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }] });
  expect(hasty.reviews.asked).toHaveLength(1);
});

test('a client that leaves takes its fetches with it', async () => {
  const patient = await openShop({ traffic: { timeout: '60s', operationTimeout: '60s' } });
  let left: (() => void) | undefined;
  const gone = new Promise<void>((resolve) => {
    left = resolve;
  });
  const leaving = new AbortController();
  patient.products.answer = (request) => {
    request.socket.once('close', () => left?.());
    leaving.abort();
  };
  const asked = fetch(patient.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ whoami }' }),
    signal: leaving.signal,
  });
  await expect(asked).rejects.toThrow();
  await gone;
}, 20_000);
