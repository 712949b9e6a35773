import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ask, type OpenClient } from './client-under-test.ts';
import { JSON_TYPE, ok, startRawServer, writePieces } from './raw-server.ts';

const BODY = '{"data":{"a":"é€😀"}}';
const BYTES = Buffer.from(BODY).toString('latin1');
const LENGTH = Buffer.byteLength(BODY);
const OK = `HTTP/1.1 200 OK\r\n${JSON_TYPE}`;
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const hex = (length: number) => length.toString(16);
const halves = [BYTES.slice(0, 9), BYTES.slice(9)] as const;
const inTwoChunks = halves.map((half) => `${hex(half.length)}\r\n${half}\r\n`).join('');

/** All of these say `BODY`, and keep the connection. */
const SPELLINGS: Readonly<Record<string, string>> = {
  'with a length': ok(BODY),
  'in one chunk': `${CHUNKED}${hex(LENGTH)}\r\n${BYTES}\r\n0\r\n\r\n`,
  'in two chunks': `${CHUNKED}${inTwoChunks}0\r\n\r\n`,
  'in chunks with sizes in upper case and leading zeros': `${CHUNKED}000${hex(LENGTH).toUpperCase()}\r\n${BYTES}\r\n000\r\n\r\n`,
  'in chunks with extensions': `${CHUNKED}${hex(LENGTH)};a=1;b="x y"\r\n${BYTES}\r\n0;last\r\n\r\n`,
  'in chunks with trailers': `${CHUNKED}${inTwoChunks}0\r\nx-sum: 1\r\ncontent-length: 3\r\n\r\n`,
  'without a reason': `HTTP/1.1 200 \r\n${JSON_TYPE}content-length: ${LENGTH}\r\n\r\n${BYTES}`,
  'with names in any case and spaces around values': `HTTP/1.1 200 OK\r\nCONTENT-Type:  application/JSON ; charset=UTF-8 \r\nContent-LENGTH:\t${LENGTH} \r\nX-Empty:\r\n\r\n${BYTES}`,
  'with a header beyond ASCII': ok(BODY, 'x-name: J\xfcrgen\r\n'),
  'after 100': `HTTP/1.1 100 Continue\r\n\r\n${ok(BODY)}`,
  'after 103': `HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\ncontent-length: 5\r\n\r\n${ok(BODY)}`,
  'after several interim answers': `HTTP/1.1 102 Processing\r\n\r\n${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3)}${ok(BODY)}`,
};

const COMPRESSED: Readonly<Record<string, [string, Buffer]>> = {
  gzip: ['gzip', gzipSync(BODY)],
  'gzip under its old name': ['x-gzip', gzipSync(BODY)],
  deflate: ['deflate', deflateSync(BODY)],
  'deflate without a header of its own': ['deflate', deflateRawSync(BODY)],
  br: ['br', brotliCompressSync(BODY)],
  'gzip in upper case': ['GZIP', gzipSync(BODY)],
  'no encoding, said so': ['identity', Buffer.from(BODY)],
};

export function takesRightAnswers(open: OpenClient): void {
  for (const [spelling, text] of Object.entries(SPELLINGS)) {
    test(`takes an answer ${spelling}, wherever its bytes are cut, and keeps the connection`, async () => {
      const bytes = Buffer.from(text, 'latin1');
      const cuts = Array.from({ length: bytes.length }, (_, cut) => [bytes.subarray(0, cut), bytes.subarray(cut)]);
      const byByte = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
      const ways = [...cuts, byByte].map((pieces) => pieces.filter(({ length }) => length > 0));
      const server = await startRawServer(
        (socket, _request, index) => void writePieces(socket, ways[index] ?? [bytes]),
      );
      const client = open();
      for (const [index] of ways.entries()) expect([index, await ask(client, server.url)]).toEqual([index, BODY]);
      expect(server.connections).toBeLessThanOrEqual(2);
      await client.stop();
    });
  }

  for (const [encoding, [header, bytes]] of Object.entries(COMPRESSED)) {
    test(`takes ${encoding}, with a length and in chunks`, async () => {
      const binary = bytes.toString('latin1');
      const head = `${OK}content-encoding: ${header}\r\n`;
      const ways = [
        `${head}content-length: ${bytes.length}\r\n\r\n${binary}`,
        `${head}transfer-encoding: chunked\r\n\r\n${hex(bytes.length)}\r\n${binary}\r\n0\r\n\r\n`,
      ];
      const server = await startRawServer((socket, _request, index) => void socket.write(ways[index] ?? '', 'latin1'));
      const client = open();
      expect([await ask(client, server.url), await ask(client, server.url)]).toEqual([BODY, BODY]);
      await client.stop();
    });
  }

  test('takes an empty body', async () => {
    const server = await startRawServer(
      (socket, _request, index) => void socket.write(index === 0 ? ok('') : `${CHUNKED}0\r\n\r\n`),
    );
    const client = open();
    expect([await ask(client, server.url), await ask(client, server.url)]).toEqual(['', '']);
    expect(server.connections).toBeLessThanOrEqual(2);
    await client.stop();
  });

  test('takes an answer that may have no body, without waiting for one', async () => {
    const server = await startRawServer(
      (socket, _request, index) =>
        void socket.write(index === 0 ? `HTTP/1.1 204 No Content\r\n${JSON_TYPE}\r\n` : ok(BODY), 'latin1'),
    );
    const client = open();
    expect([await ask(client, server.url), await ask(client, server.url)]).toEqual(['204 ', BODY]);
    await client.stop();
  });

  test('takes large answers in pieces, each whole and in its place', async () => {
    const bodies = Array.from({ length: 6 }, (_, index) => `"${String(index).repeat(40_000 * (index + 1))}"`);
    const server = await startRawServer((socket, { body }) => {
      const index = Number(body);
      const text = bodies[index] as string;
      const chunks = text.match(/.{1,30000}/gs)?.map((chunk) => `${hex(chunk.length)}\r\n${chunk}\r\n`) ?? [];
      socket.write(index % 2 === 0 ? ok(text) : `${CHUNKED}${chunks.join('')}0\r\n\r\n`);
    });
    const client = open({ traffic: { maxResponseBytes: '1MiB', timeout: '10s' } });
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(bodies.map((_, index) => ask(client, server.url, { body: String(index) })));
      expect(answers.map((answer, index) => answer === bodies[index])).toEqual(Array(6).fill(true));
    }
    await client.stop();
  });

  test('takes an answer that ends with its connection, and none other on that one', async () => {
    for (const version of ['1.0', '1.1']) {
      const server = await startRawServer(
        (socket) => void socket.end(`HTTP/${version} 200 OK\r\n${JSON_TYPE}\r\n${BYTES}`, 'latin1'),
      );
      const client = open();
      expect([await ask(client, server.url), await ask(client, server.url)]).toEqual([BODY, BODY]);
      expect(server.seen.map(({ connection }) => connection)).toEqual([1, 2]);
      await client.stop();
    }
  });

  test('keeps a connection when it may, and only then', async () => {
    const answers: [string, 'kept' | 'closed'][] = [
      [`HTTP/1.0 200 OK\r\n${JSON_TYPE}content-length: 2\r\n\r\n{}`, 'closed'],
      [`HTTP/1.0 200 OK\r\n${JSON_TYPE}connection: Keep-Alive\r\ncontent-length: 2\r\n\r\n{}`, 'kept'],
      [`HTTP/1.0 200 OK\r\n${JSON_TYPE}connection: x-other\r\ncontent-length: 2\r\n\r\n{}`, 'closed'],
      [ok('{}', 'connection: close\r\n'), 'closed'],
      [ok('{}', 'connection: x-other, CLOSE\r\n'), 'closed'],
      [ok('{}', 'connection: keep-alive\r\n'), 'kept'],
    ];
    for (const [answer, expected] of answers) {
      const server = await startRawServer((socket) => void socket.write(answer));
      const client = open();
      for (let round = 0; round < 4; round += 1) expect(await ask(client, server.url)).toBe('{}');
      expect([answer, server.connections < 4 ? 'kept' : 'closed']).toEqual([answer, expected]);
      await client.stop();
    }
  });

  test('tells the status of an answer that is JSON, whatever it is', async () => {
    const server = await startRawServer(
      (socket, { body }) => void socket.write(`HTTP/1.1 ${body} x\r\n${JSON_TYPE}content-length: 2\r\n\r\n{}`),
    );
    const client = open();
    for (const status of [201, 400, 404, 418, 500, 503, 599]) {
      expect(await ask(client, server.url, { body: String(status) })).toBe(`${status} {}`);
    }
    await client.stop();
  });
}
