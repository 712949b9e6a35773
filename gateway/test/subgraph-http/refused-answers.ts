import { brotliCompressSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ask, type OpenClient } from './client-under-test.ts';
import { JSON_TYPE, ok, startRawServer, writePieces } from './raw-server.ts';

const OK = `HTTP/1.1 200 OK\r\n${JSON_TYPE}`;
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const LENGTH = 'content-length: 2\r\n';
const UNUSABLE = 'SUBREQUEST_MALFORMED_RESPONSE';
const encoded = (encoding: string, body: Buffer) =>
  `${OK}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n${body.toString('latin1')}`;
/** Ten megabytes of JSON, small when compressed; the bound is 64 KiB. */
const BOMB = Buffer.from(`"${' '.repeat(10 * 1024 * 1024)}"`);

/** Answers that are none, or that two readers could take for two different ones. The connection stays open behind them. */
const REFUSED: Readonly<Record<string, string>> = {
  'two lengths that differ': `${OK}content-length: 2\r\ncontent-length: 3\r\n\r\n{} `,
  'a list of lengths': `${OK}content-length: 2, 3\r\n\r\n{} `,
  'a length with a sign': `${OK}content-length: +2\r\n\r\n{}`,
  'a negative length': `${OK}content-length: -2\r\n\r\n{}`,
  'a length in hexadecimal': `${OK}content-length: 0x2\r\n\r\n{}`,
  'a length that is empty': `${OK}content-length: \r\n\r\n{}`,
  'a length beyond numbers': `${OK}content-length: 18446744073709551618\r\n\r\n{}`,
  'both a length and chunks': `${OK}${LENGTH}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'both chunks and a length': `${OK}transfer-encoding: chunked\r\n${LENGTH}\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a length hidden by a space before the colon': `${OK}${LENGTH}content-length : 9\r\n\r\n{}`,
  'chunks hidden by a space before the colon': `${OK}${LENGTH}transfer-encoding : chunked\r\n\r\n{}`,
  'an unknown transfer-encoding': `${OK}transfer-encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a transfer-encoding before chunks': `${OK}transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'chunks twice': `${OK}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'chunks in HTTP/1.0': `HTTP/1.0 200 OK\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a header without a name': `${OK}: x\r\n${LENGTH}\r\n{}`,
  'a header without a colon': `${OK}nonsense\r\n${LENGTH}\r\n{}`,
  'a name with a space': `${OK}content length: 9\r\n${LENGTH}\r\n{}`,
  'a NUL in a value': `${OK}x-a: b\0c\r\n${LENGTH}\r\n{}`,
  'a bare carriage return in a value': `${OK}x-a: b\rcontent-length: 9\r\n${LENGTH}\r\n{}`,
  'lines that end with a line feed alone': `HTTP/1.1 200 OK\n${JSON_TYPE.replace('\r', '')}content-length: 2\n\n{}\r\n\r\n`,
  'another version of HTTP': `HTTP/2.0 200 OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'a version of HTTP/1 that is none': `HTTP/1.2 200 OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'another protocol': `ICY 200 OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'a status of two digits': `HTTP/1.1 20 OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'a status of four digits': `HTTP/1.1 2000 OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'a status of letters': `HTTP/1.1 2xx OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'no space before the status': `HTTP/1.1200 OK\r\n${JSON_TYPE}${LENGTH}\r\n{}`,
  'no head at all': '{"data":{"a":1}}\r\n\r\n',
  'a protocol that was not asked for': `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n`,
  'a header beyond all bounds': `${OK}x-a: ${'b'.repeat(70_000)}\r\n${LENGTH}\r\n{}`,
  'headers beyond all bounds': `${OK}${'x-a: b\r\n'.repeat(9_000)}${LENGTH}\r\n{}`,
  'a head that does not end': `${OK}${'x-a: b\r\n'.repeat(9_000)}`,
  'a chunk size that is no number': `${CHUNKED}zz\r\n{}\r\n0\r\n\r\n`,
  'a chunk size with a sign': `${CHUNKED}-2\r\n{}\r\n0\r\n\r\n`,
  'a chunk size with a prefix': `${CHUNKED}0x2\r\n{}\r\n0\r\n\r\n`,
  'an empty chunk size': `${CHUNKED}\r\n{}\r\n0\r\n\r\n`,
  'a chunk size beyond numbers': `${CHUNKED}10000000000000002\r\n{}\r\n0\r\n\r\n`,
  'a chunk that is longer than its size': `${CHUNKED}1\r\n{}\r\n0\r\n\r\n`,
  'a chunk that ends with a line feed alone': `${CHUNKED}2\r\n{}\n0\r\n\r\n`,
  'a chunk size that ends with a line feed alone': `${CHUNKED}2\n{}\r\n0\r\n\r\n`,
  'a chunk size behind which a carriage return stands alone': `${CHUNKED}2\r{}\r\n0\r\n\r\n`,
  'a chunk behind which a carriage return stands alone': `${CHUNKED}2\r\n{}\r0\r\n\r\n`,
  'a trailer with a carriage return alone': `${CHUNKED}2\r\n{}\r\n0\r\nx-a: b\rc\r\n\r\n`,
  'a control character in a chunk extension': `${CHUNKED}2;a\0\r\n{}\r\n0\r\n\r\n`,
  'a chunk extension beyond all bounds': `${CHUNKED}2;${'x'.repeat(70_000)}\r\n{}\r\n0\r\n\r\n`,
  'trailers beyond all bounds': `${CHUNKED}2\r\n{}\r\n0\r\n${'x-a: b\r\n'.repeat(9_000)}\r\n`,
  'a length that is too much': `${OK}content-length: 70000\r\n\r\n`,
  'too much with a length': ok(`"${'x'.repeat(70_000)}"`),
  'too much in chunks': `${CHUNKED}${`1000\r\n${'x'.repeat(4096)}\r\n`.repeat(20)}`,
  'too much in one chunk': `${CHUNKED}ffffffff\r\n${'x'.repeat(70_000)}`,
  'too much without an end': `${OK}\r\n${'x'.repeat(70_000)}`,
  'a bomb of gzip': encoded('gzip', gzipSync(BOMB)),
  'a bomb of br': encoded('br', brotliCompressSync(BOMB)),
  'gzip that is none': encoded('gzip', Buffer.from('{}')),
  'half of a gzip': encoded('gzip', gzipSync('{"data":{"a":1}}').subarray(0, 20)),
  'an encoding that nobody knows': encoded('lzma', Buffer.from('{}')),
  'two encodings': encoded('gzip, br', brotliCompressSync(gzipSync('{}'))),
  'bytes that are not UTF-8': `${OK}${LENGTH}\r\n\xff\xfe`,
  'no media type': `HTTP/1.1 200 OK\r\n${LENGTH}\r\n{}`,
  'another media type': `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n${LENGTH}\r\n{}`,
  'two media types': `${OK}content-type: text/html\r\n${LENGTH}\r\n{}`,
};

/** The connection is closed behind these. */
const CUT: Readonly<Record<string, string>> = {
  'half of a status line': 'HTTP/1.1 20',
  'half of a head': `HTTP/1.1 200 OK\r\ncontent-ty`,
  'an interim answer only': 'HTTP/1.1 103 Early Hints\r\n\r\n',
  'less than the length': `${OK}content-length: 9\r\n\r\n{}`,
  'a chunk that is not whole': `${CHUNKED}9\r\n{}`,
  'chunks without the last one': `${CHUNKED}2\r\n{}\r\n`,
  'chunks without their last line': `${CHUNKED}2\r\n{}\r\n0\r\n`,
};

export function refusesWhatIsNoAnswer(open: OpenClient): void {
  for (const [what, text] of Object.entries(REFUSED)) {
    test(`refuses ${what}, asks once, and is not misled the next time`, async () => {
      const server = await startRawServer(
        (socket, _request, index) => void socket.write(index === 0 ? text : ok('{"next":1}'), 'latin1'),
      );
      const client = open({ traffic: { timeout: '3s' } });
      expect(await ask(client, server.url)).toBe(UNUSABLE);
      expect(await ask(client, server.url)).toBe('{"next":1}');
      expect(server.seen).toHaveLength(2);
      await client.stop();
    });
  }

  for (const [what, text] of Object.entries(CUT)) {
    for (const how of ['closed', 'reset'] as const) {
      test(`refuses ${what} of a connection that is ${how}, and asks once`, async () => {
        const server = await startRawServer(
          (socket) =>
            void writePieces(socket, [text]).then(() => (how === 'closed' ? socket.end() : socket.resetAndDestroy())),
        );
        const client = open();
        expect(await ask(client, server.url)).toBe(UNUSABLE);
        expect(server.seen).toHaveLength(1);
        await client.stop();
      });
    }
  }

  test('never takes a folded line for a header of its own', async () => {
    const server = await startRawServer(
      (socket, _request, index) =>
        void socket.write(index === 0 ? `${OK}x-a: b\r\n content-length: 9\r\n${LENGTH}\r\n{}` : ok('{"next":1}')),
    );
    const client = open({ traffic: { timeout: '3s' } });
    expect([UNUSABLE, '{}']).toContain(await ask(client, server.url));
    expect(await ask(client, server.url)).toBe('{"next":1}');
    await client.stop();
  });

  test('follows no redirect', async () => {
    const other = await startRawServer((socket) => void socket.write(ok('{}')));
    const server = await startRawServer(
      (socket, { body }) =>
        void socket.write(`HTTP/1.1 ${body} x\r\nlocation: ${other.url}\r\ncontent-length: 0\r\n\r\n`),
    );
    const client = open();
    for (const status of [301, 302, 303, 307, 308]) {
      expect(await ask(client, server.url, { body: String(status) })).toBe('SUBREQUEST_HTTP_ERROR');
    }
    expect([server.seen.length, other.seen.length]).toEqual([5, 0]);
    await client.stop();
  });

  test('a second answer behind the first one is nobody’s', async () => {
    const server = await startRawServer(
      (socket, _request, index) => void socket.write(index === 0 ? ok('{"a":1}') + ok('{"forged":1}') : ok('{"b":2}')),
    );
    const client = open();
    expect([await ask(client, server.url), await ask(client, server.url)]).toEqual(['{"a":1}', '{"b":2}']);
    expect(server.connections).toBe(2);
    await client.stop();
  });

  test('a second answer behind the first one is not that of whoever waits for the connection', async () => {
    const server = await startRawServer(
      (socket, _request, index) => void socket.write(index === 0 ? ok('{"a":1}') + ok('{"forged":1}') : ok('{"b":2}')),
    );
    const client = open({ traffic: { maxConnections: 1 } });
    expect(await Promise.all([ask(client, server.url), ask(client, server.url)])).toEqual(['{"a":1}', '{"b":2}']);
    await client.stop();
  });

  test('what comes while nobody asks is nobody’s', async () => {
    const server = await startRawServer((socket, _request, index) => void socket.write(ok(`{"a":${index}}`)));
    const client = open();
    expect(await ask(client, server.url)).toBe('{"a":0}');
    const [socket] = server.sockets;
    const closed = new Promise((resolve) => socket?.once('close', resolve));
    socket?.write(ok('{"forged":1}'));
    await closed;
    expect(await ask(client, server.url)).toBe('{"a":1}');
    await client.stop();
  });
}
