import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AskOptions, closeShops, openShop, type Shop } from './shop.ts';

/** Longer than what a socket takes at once. */
const LONG = 400_000;

afterAll(closeShops);

/** The first answer to each operation, by what was asked: what is asked of one engine must not depend on how it runs. */
const answers = new Map<string, string>();

describe.each([
  ['engine apollo', { engine: 'apollo' }],
  ['engine weft', { engine: 'weft' }],
  ['engine weft without generated code', { engine: 'weft', codeGeneration: false }],
] as const)('with the %s', (_name, config) => {
  let shop: Shop;
  beforeAll(async () => {
    // a busy machine is waited for
    shop = await openShop({ ...config, traffic: { timeout: '60s', operationTimeout: '60s' } });
  });

  const asked: readonly (readonly [string, string, AskOptions?])[] = [
    ['an operation', '{ products { id name ... on Book { rating reviews { body } } } }'],
    ['one with variables', 'query ($id: ID!) { product(id: $id) { name } }', { variables: { id: '3' } }],
    ['one that is not there', 'query ($id: ID!) { product(id: $id) { name } }', { variables: { id: 'none' } }],
    ['variables that are none', 'query ($id: ID!) { product(id: $id) { name } }', { variables: { id: null } }],
    ['one of two', 'query A { whoami } query B { products { id } }', { operationName: 'B' }],
    ['none of two', 'query A { whoami } query B { products { id } }'],
    ['a name that no operation has', 'query A { whoami }', { operationName: 'B' }],
    ['an empty name', 'query A { whoami }', { operationName: '' }],
    ['a mutation', 'mutation { rename(id: "2", name: "Shuttle") { id name } }'],
    ['introspection', '{ __type(name: "Tool") { name } products { id } }'],
    ['a condition', 'query ($yes: Boolean!) { products { id name @include(if: $yes) } }', { variables: { yes: true } }],
  ];
  test.each(asked)('%s is answered the same each time it is asked', async (...[, query, options]) => {
    const tell = async () => {
      const { status, headers, text } = await shop.ask(query, options);
      return { status, text, type: headers.get('content-type'), cached: headers.get('cache-control') };
    };
    const first = await tell();
    for (let time = 0; time < 3; time += 1) expect(await tell()).toEqual(first);
    if (config.engine !== 'weft') return;
    const key = JSON.stringify([query, options]);
    expect(first.text).toBe(answers.get(key) ?? first.text);
    answers.set(key, first.text);
  });

  test('a mutation that was run by POST is still refused by GET', async () => {
    const query = 'mutation { rename(id: "2", name: "Shuttle") { id } }';
    for (let time = 0; time < 2; time += 1) expect((await shop.ask(query)).status).toBe(200);
    const headers = { accept: 'application/graphql-response+json' };
    const refused = await fetch(`${shop.url}?query=${encodeURIComponent(query)}`, { headers });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('nobody gets the answer of another, however slowly it is read', async () => {
    const query = 'query ($text: String) { echo(text: $text) }';
    const echo = async (text: string) => (await shop.ask(query, { variables: { text } })).json.data?.echo;
    for (let time = 0; time < 3; time += 1) await echo('known from now on');
    const slow = 's'.repeat(LONG);
    const reader = await requestWithoutReading(shop.url, JSON.stringify({ query, variables: { text: slow } }));
    const texts = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(index * 500));
    expect(await Promise.all(texts.map(echo))).toEqual(texts);
    expect(await Promise.all(texts.map(echo))).toEqual(texts);
    const answer = await reader();
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toEqual({ data: { echo: slow } });
  });
});

/** Gives the function that reads the whole answer; until then the socket takes nothing. */
async function requestWithoutReading(url: string, body: string): Promise<() => Promise<string>> {
  const { hostname, port, pathname, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  await once(socket, 'connect');
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nconnection: close\r\n`;
  socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  return async () => {
    const parts: Buffer[] = [];
    socket.on('data', (part: Buffer) => parts.push(part));
    socket.resume();
    await once(socket, 'close');
    return Buffer.concat(parts).toString();
  };
}
