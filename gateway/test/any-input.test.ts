import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { closeShops, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ mode: 'production' });
});
afterAll(closeShops);

const RUNS = { numRuns: 150 };

function send(method: string, path: string, headers: Record<string, string>, body: string | Uint8Array) {
  return new Promise<{ readonly status: number; readonly text: string }>((resolve, reject) => {
    const url = new URL(shop.url);
    const sent = request({ host: url.hostname, port: url.port, method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };

/** Every answer is one of GraphQL, with the client's fault named when it is the client's. */
function expectTyped({ status, text }: { readonly status: number; readonly text: string }): void {
  expect(status).toBeLessThan(500);
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: { extensions: { code: string } }[] };
  if (data === undefined) expect(errors?.[0]?.extensions.code).toMatch(/^[A-Z_]+$/);
}

test('no body makes the gateway fail', async () => {
  const value = fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' }));
  await fc.assert(
    fc.asyncProperty(value, async (body) => expectTyped(await send('POST', '/graphql', JSON_HEADERS, body))),
    RUNS,
  );
  await fc.assert(
    fc.asyncProperty(fc.uint8Array(), async (body) => expectTyped(await send('POST', '/graphql', JSON_HEADERS, body))),
    RUNS,
  );
});

test('no parameters make the gateway fail', async () => {
  const any = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('{ products { id } }', 'mutation { rename(id: 1, name: 2) { id } }'),
  );
  const parameters = fc.record(
    { query: any, variables: any, operationName: any, extensions: any },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(parameters, async (body) =>
      expectTyped(await send('POST', '/graphql', JSON_HEADERS, JSON.stringify(body))),
    ),
    RUNS,
  );
});

/** Words of GraphQL in any order: mostly not documents, sometimes nearly. */
const words = fc.array(
  fc.constantFrom(
    ...[
      '{',
      '}',
      '(',
      ')',
      '...',
      'on',
      'query',
      'mutation',
      'subscription',
      'fragment',
      'F',
      '$v',
      ':',
      '!',
      '=',
      '@include',
      '@skip',
    ],
    ...[
      'if:',
      'true',
      'null',
      '"x"',
      '"""',
      '1',
      '-',
      '[',
      ']',
      'products',
      'id',
      'product',
      'id:',
      '__typename',
      '__schema',
      'Book',
      'then',
    ],
  ),
  { maxLength: 40 },
);

test('no document makes the gateway fail, by POST or by GET', async () => {
  await fc.assert(
    fc.asyncProperty(words, async (list) => {
      const query = list.join(' ');
      expectTyped(await send('POST', '/graphql', JSON_HEADERS, JSON.stringify({ query })));
      const path = `/graphql?query=${encodeURIComponent(query)}`;
      expectTyped(await send('GET', path, { accept: 'application/json', 'apollo-require-preflight': '1' }, ''));
    }),
    RUNS,
  );
});

test('no value of a variable makes the gateway fail', async () => {
  const query = 'query ($id: ID!, $yes: Boolean = true) { product(id: $id) { name @include(if: $yes) } }';
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue(), async (id, yes) =>
      expectTyped(await send('POST', '/graphql', JSON_HEADERS, JSON.stringify({ query, variables: { id, yes } }))),
    ),
    RUNS,
  );
});
