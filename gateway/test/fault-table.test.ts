import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { closeShops, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ traffic: { timeout: '300ms', operationTimeout: '2s', maxResponseBytes: '64KiB' } });
});
afterEach(() => {
  shop.reviews.answer = undefined;
  shop.products.answer = undefined;
});
afterAll(closeShops);

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

const json =
  (body: string, status = 200, headers: Record<string, string> = {}): Fault =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

/** Ten megabytes in ten kilobytes. */
const BOMB = gzipSync(Buffer.alloc(10 * 1024 * 1024, ' '));

/** What a subgraph can do instead of answering, whatever it was asked. */
const FAULTS: Readonly<Record<string, Fault>> = {
  resets: (request) => void request.socket.resetAndDestroy(),
  hangs: () => undefined,
  trickles: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  truncates: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"data":{');
    setTimeout(() => response.destroy(), 20);
  },
  'sends HTML': (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>10.0.0.3'),
  'sends data: null': json('{"data":null}'),
  'sends data: null and an error': json('{"data":null,"errors":[{"message":"SELECT secret"}]}'),
  'sends an empty object': json('{}'),
  'sends a number': json('1'),
  'sends nothing': json(''),
  'sends two answers': json('{"data":{}}{"data":{}}'),
  'sends a number that is none': json('{"data":{"_entities":[{"__typename":"Book","rating":01}],"product":01}}'),
  'sends NaN': json('{"data":{"_entities":[{"__typename":"Book","rating":NaN}],"product":NaN}}'),
  'sends a raw line break in a string': json(
    '{"data":{"_entities":[{"__typename":"Bo\nok"}],"product":{"name":"a\nb"}}}',
  ),
  'answers 400 with GraphQL': json('{"errors":[{"message":"no such field","extensions":{"code":"X"}}]}', 400),
  'answers 404 with a page': json('<h1>10.0.0.3', 404, { 'content-type': 'text/html' }),
  'answers 500 with a stack': json('{"error":"at pg.js:1"}', 500),
  'answers 503 with nothing': json('', 503),
  'sends too much': json(JSON.stringify({ data: { product: { name: 'x'.repeat(100_000) } } })),
  'sends a bomb of gzip': (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(BOMB),
};

const ENTITY = '{ product(id: "1") { name ... on Book { rating reviews { body } } } }';
const ROOTS = '{ product(id: "1") { name } latest { id } }';

for (const [what, fault] of Object.entries(FAULTS)) {
  test(`a subgraph of entities that ${what}`, async () => {
    shop.reviews.answer = fault;
    const { status, text } = await shop.ask(ENTITY);
    expect({ status, text }).toMatchSnapshot();
  });

  test(`a subgraph of roots that ${what}`, async () => {
    shop.products.answer = fault;
    const { status, text } = await shop.ask(ROOTS);
    expect({ status, text }).toMatchSnapshot();
  });
}

const book = (fields: string) => `{"data":{"_entities":[{"__typename":"Book",${fields}}]}}`;

/** Answers about one entity that are JSON, but not of the kinds that the schema says, or not as many. */
const ENTITIES: Readonly<Record<string, string>> = {
  'a text where a number is': book('"rating":"5","reviews":[]'),
  'a number where a list is': book('"rating":5,"reviews":7'),
  'a list where an object is': book('"rating":5,"reviews":[[]]'),
  'an object where a text is': book('"rating":5,"reviews":[{"body":{}}]'),
  'a null where none may be': book('"rating":5,"reviews":[{"body":null},{"body":"b"}]'),
  'a field is left out': book('"reviews":[]'),
  'a field twice': book('"rating":1,"rating":2,"reviews":[]'),
  'a field named __proto__': book('"__proto__":{"rating":9},"rating":5,"reviews":[]'),
  'a number out of range': book('"rating":1e999,"reviews":[]'),
  'no entity': '{"data":{"_entities":[]}}',
  'two entities': '{"data":{"_entities":[{"__typename":"Book","rating":1,"reviews":[]},{"__typename":"Book"}]}}',
  'entities that are no list': '{"data":{"_entities":{}}}',
  'an entity of another type': '{"data":{"_entities":[{"__typename":"Tool","rating":1,"reviews":[]}]}}',
  'an entity that is a number': '{"data":{"_entities":[4]}}',
  'a null entity with its error':
    '{"data":{"_entities":[null]},"errors":[{"message":"secret","path":["_entities",0]}]}',
};

for (const [what, body] of Object.entries(ENTITIES)) {
  test(`${what}, in the answer about an entity`, async () => {
    shop.reviews.answer = json(body);
    const { status, text } = await shop.ask(ENTITY);
    expect({ status, text }).toMatchSnapshot();
  });
}
