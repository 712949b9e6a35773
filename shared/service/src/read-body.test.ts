import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTelemetry } from '@weft/telemetry';
import { readBody } from './read-body.ts';
import { createService, type Service } from './service.ts';

const MAX = 10_000;
let service: Service;
beforeAll(async () => {
  service = await createService({
    name: 'echo',
    telemetry: createTelemetry({ service: 'echo', logLevel: 'silent' }),
    host: '127.0.0.1',
    port: 0,
    handler: async (request, response) => void response.end(await readBody(request, { maxBytes: MAX })),
  });
});
afterAll(() => service.stop());

async function post(
  body: Uint8Array | string,
  encoding?: string,
): Promise<{ status: number; text: string; closes: boolean }> {
  const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
  const response = await fetch(service.url, { method: 'POST', body, headers });
  const text = await response.text();
  const isError = text.startsWith('{"errors"');
  return {
    status: response.status,
    text: isError
      ? (JSON.parse(text) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code
      : text,
    closes: response.headers.get('connection') === 'close',
  };
}

test('a body comes back whole, plain or in any encoding that is known', async () => {
  const text = 'caf\u00e9 '.repeat(1_000);
  const bytes = Buffer.from(text);
  expect(await post('')).toMatchObject({ status: 200, text: '' });
  for (const [encoding, body] of [
    [undefined, bytes],
    ['identity', bytes],
    ['gzip', gzipSync(bytes)],
    ['X-GZIP', gzipSync(bytes)],
    ['deflate', deflateSync(bytes)],
    ['br', brotliCompressSync(bytes)],
  ] as const) {
    expect([encoding, await post(body, encoding)]).toEqual([encoding, { status: 200, text, closes: false }]);
  }
});

test('a body at the bound is taken, one byte more is 413, on the wire and after inflating', async () => {
  expect((await post('a'.repeat(MAX))).status).toBe(200);
  expect(await post('a'.repeat(MAX + 1))).toEqual({ status: 413, text: 'LIMIT_EXCEEDED', closes: false });
  expect((await post(gzipSync('a'.repeat(MAX)), 'gzip')).status).toBe(200);
  expect(await post(gzipSync('a'.repeat(MAX + 1)), 'gzip')).toMatchObject({ status: 413, text: 'LIMIT_EXCEEDED' });
});

test('a bomb is refused after the bound and not after its quarter of a gigabyte', async () => {
  const bomb = brotliCompressSync(Buffer.alloc(256 * 1_024 * 1_024), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
  });
  expect(bomb.length).toBeLessThan(MAX);
  const before = process.memoryUsage().arrayBuffers;
  const began = performance.now();
  expect(await post(bomb, 'br')).toMatchObject({ status: 413 });
  expect(performance.now() - began).toBeLessThan(1_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1_024 * 1_024);
});

test('what does not inflate is 400, an encoding that is not known 415', async () => {
  const packed = gzipSync('a'.repeat(5_000));
  const bad = { status: 400, text: 'BAD_REQUEST' };
  expect(await post('not gzip', 'gzip')).toMatchObject(bad);
  expect(await post(packed.subarray(0, packed.length - 6), 'gzip')).toMatchObject(bad);
  expect(await post('', 'gzip')).toMatchObject(bad);
  expect(await post('x', 'br')).toMatchObject(bad);
  for (const encoding of ['zstd', 'gzip, gzip', 'constructor', 'gzip;q=1']) {
    expect([encoding, (await post('x', encoding)).text]).toEqual([encoding, 'UNSUPPORTED_MEDIA_TYPE']);
  }
});

/** In a process of its own: a client that shares our event loop stops sending as soon as we answer. */
const CLIENT = `
  const statuses = [];
  for (let turn = 0; turn < 20; turn++) {
    const body = 'a'.repeat(turn % 2 ? 5 : 5 * 1024 * 1024);
    statuses.push(await fetch(process.argv[1], { method: 'POST', body }).then(({ status }) => status, ({ cause }) => cause.code));
  }
  console.log(statuses.join(' '));`;

test('a body far over the bound, sent by a client that writes it whole, is answered and not cut off', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', CLIENT, service.url]);
  expect(stdout).toBe(`${'413 200 '.repeat(10).trim()}\n`);
});

test('a body without a length is counted while it comes; the connection carries on when it ends', async () => {
  const socket = connect(service.port, '127.0.0.1');
  socket.setEncoding('utf8');
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
  const chunk = `1000\r\n${'a'.repeat(4_096)}\r\n`;
  for (let n = 0; n < 4; n++) socket.write(chunk);
  const [refusal] = (await once(socket, 'data')) as [string];
  expect(refusal).toMatch(/^HTTP\/1\.1 413 /);
  socket.write(`${chunk}0\r\n\r\nPOST / HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\nnext`);
  const [answer] = (await once(socket, 'data')) as [string];
  expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*next$/);
  socket.destroy();
});

test('a body that does not end is cut off after its refusal', async () => {
  const socket = connect(service.port, '127.0.0.1');
  socket.on('error', () => undefined);
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    received += text;
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n');
  const chunk = `100000\r\n${'a'.repeat(1_048_576)}\r\n`;
  const send = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', send);
  send();
  await closed;
  expect(received).toMatch(/^HTTP\/1\.1 413 /);
});

test('a client that goes away in the middle costs nothing', async () => {
  const socket = connect(service.port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nabc');
  await new Promise((resolve) => socket.write('d', resolve));
  socket.destroy();
  expect((await post('still here')).text).toBe('still here');
});
