import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { ask, type OpenClient } from './client-under-test.ts';
import { JSON_TYPE, ok, type RawServer, startRawServer } from './raw-server.ts';

const UNREACHED = 'SUBREQUEST_HTTP_ERROR';
const TIMEOUT = 'SUBGRAPH_TIMEOUT';
const HEAD = `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-length: 9\r\n\r\n`;
const connectionsOf = ({ seen }: RawServer) => seen.map(({ connection }) => connection);
const HOW: readonly [string, (socket: Socket) => void][] = [
  ['closed', (socket) => void socket.end()],
  ['reset', (socket) => void socket.resetAndDestroy()],
];

export function livesWithConnections(open: OpenClient): void {
  for (const [how, end] of HOW) {
    test(`a kept connection that is ${how} as a query is written: it is sent once more, on a fresh one`, async () => {
      // every connection answers once: whoever takes another kept one fails again
      const answered = new Set<number>();
      const server = await startRawServer((socket, { connection }) => {
        if (answered.has(connection)) return end(socket);
        answered.add(connection);
        socket.write(ok(`{"on":${connection}}`));
      });
      const client = open();
      await Promise.all([1, 2, 3].map(() => ask(client, server.url)));
      expect(await ask(client, server.url)).toBe('{"on":4}');
      expect(server.seen).toHaveLength(5);
      await client.stop();
    });

    test(`a kept connection that is ${how} as a mutation is written: it is never sent again`, async () => {
      const server = await startRawServer((socket, _request, index) =>
        index === 0 ? void socket.write(ok('{}')) : end(socket),
      );
      const client = open();
      expect(await ask(client, server.url)).toBe('{}');
      expect(await ask(client, server.url, { type: 'mutation' })).toBe(UNREACHED);
      expect(server.seen).toHaveLength(2);
      await client.stop();
    });

    test(`a fresh connection that is ${how} without an answer: a query is sent twice in all, a mutation once`, async () => {
      const server = await startRawServer((socket) => end(socket));
      const client = open();
      expect(await ask(client, server.url)).toBe(UNREACHED);
      expect(connectionsOf(server)).toEqual([1, 2]);
      expect(await ask(client, server.url, { type: 'mutation' })).toBe(UNREACHED);
      expect(connectionsOf(server)).toEqual([1, 2, 3]);
      await client.stop();
    });

    test(`a connection that is ${how} while nobody uses it is no failure for anybody`, async () => {
      const server = await startRawServer((socket) => void socket.write(ok('{}')));
      const client = open();
      for (let round = 0; round < 5; round += 1) {
        expect(await ask(client, server.url, { type: 'mutation' })).toBe('{}');
        const [socket] = server.sockets;
        const closed = closeOf(socket as Socket);
        end(socket as Socket);
        await closed;
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(connectionsOf(server)).toEqual([1, 2, 3, 4, 5]);
      await client.stop();
    });
  }

  test('a connection that the server is about to close is not used', async () => {
    const server = await startRawServer((socket) => void socket.write(ok('{}', 'keep-alive: timeout=1\r\n')));
    const client = open();
    for (let round = 0; round < 3; round += 1) {
      expect(await ask(client, server.url)).toBe('{}');
      const answered = performance.now();
      while (performance.now() < answered + 5) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.connections).toBe(3);
    await client.stop();
  });

  test('nobody listens', async () => {
    const server = await startRawServer(() => undefined);
    await server.stop();
    const client = open();
    expect([await ask(client, server.url), await ask(client, server.url, { type: 'mutation' })]).toEqual([
      UNREACHED,
      UNREACHED,
    ]);
    await client.stop();
  });

  for (const [what, begin] of [
    ['does not answer', () => undefined],
    ['stops within the head', (socket: Socket) => void socket.write('HTTP/1.1 200')],
    ['stops within the body', (socket: Socket) => void socket.write(`${HEAD}{`)],
    [
      'trickles',
      (socket: Socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${JSON_TYPE}\r\n`);
        const timer = setInterval(() => socket.write(' '), 5);
        socket.once('close', () => clearInterval(timer));
      },
    ],
  ] as const) {
    test(`a subgraph that ${what} is given up at the deadline, with its connection`, async () => {
      const server = await startRawServer((socket, _request, index) =>
        index === 0 ? begin(socket) : void socket.write(ok('{"next":1}')),
      );
      const client = open({ traffic: { timeout: '500ms' } });
      expect(await ask(client, server.url)).toBe(TIMEOUT);
      expect(await ask(client, server.url)).toBe('{"next":1}');
      expect(connectionsOf(server)).toEqual([1, 2]);
      await client.stop();
    });

    test(`a client that leaves while a subgraph ${what} takes the connection along`, async () => {
      const arrived = Promise.withResolvers<Socket>();
      const server = await startRawServer((socket, _request, index) => {
        if (index > 0) return void socket.write(ok('{"next":1}'));
        begin(socket);
        arrived.resolve(socket);
      });
      const client = open();
      const controller = new AbortController();
      const answer = ask(client, server.url, { signal: controller.signal });
      const closed = arrived.promise.then(closeOf);
      await arrived.promise;
      controller.abort({ code: 'LEFT' });
      expect(await answer).toBe('LEFT');
      await closed;
      expect(await ask(client, server.url)).toBe('{"next":1}');
      expect(connectionsOf(server)).toEqual([1, 2]);
      await client.stop();
    });
  }

  test('an answer before the request is whole is taken, and the connection left', async () => {
    const server = await startRawServer(() => undefined);
    const client = open();
    const answer = ask(client, server.url, { body: 'x'.repeat(32 * 1024 * 1024) });
    const socket = await firstOf(server);
    socket.pause();
    socket.write(`HTTP/1.1 413 x\r\n${JSON_TYPE}content-length: 2\r\n\r\n{}`);
    expect(await answer).toBe('413 {}');
    server.script = (other) => void other.write(ok('{"next":1}'));
    expect(await ask(client, server.url)).toBe('{"next":1}');
    expect(server.connections).toBe(2);
    await client.stop();
  });
}

/** However it ends. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.once('close', () => resolve()));
}

async function firstOf(server: RawServer): Promise<Socket> {
  for (;;) {
    const [socket] = server.sockets;
    if (socket !== undefined) return socket;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
