import { expect, test } from '@jest/globals';
import { ask, type OpenClient } from './client-under-test.ts';
import { ok, startRawServer, writePieces } from './raw-server.ts';

const TIMEOUT = 'SUBGRAPH_TIMEOUT';

export function sharesConnections(open: OpenClient): void {
  test('no more connections than allowed; whoever waits is served in turn', async () => {
    const server = await startRawServer((socket, { body }) => void writePieces(socket, [ok(body.toString())]));
    const client = open({ traffic: { maxConnections: 2 } });
    const bodies = Array.from({ length: 20 }, (_, index) => `{"n":${index}}`);
    const answers = await Promise.all(bodies.map((body) => ask(client, server.url, { body })));
    expect(answers).toEqual(bodies);
    expect(server.seen.map(({ body }) => body.toString())).toEqual(bodies);
    expect(server.connections).toBe(2);
    await client.stop();
  });

  test('whoever waits for a connection waits until the deadline, and is not sent', async () => {
    const server = await startRawServer((_socket, { body }) => void body);
    const client = open({ traffic: { maxConnections: 1, timeout: '500ms' } });
    const controller = new AbortController();
    const answers = ['1', '2'].map((body) => ask(client, server.url, { body }));
    const left = ask(client, server.url, { body: '3', signal: controller.signal });
    controller.abort({ code: 'LEFT' });
    expect(await left).toBe('LEFT');
    expect(await Promise.all(answers)).toEqual([TIMEOUT, TIMEOUT]);
    server.script = (socket) => void socket.write(ok('{"next":1}'));
    expect(await ask(client, server.url, { body: '4' })).toBe('{"next":1}');
    expect(server.seen.map(({ body }) => body.toString())).toEqual(['1', '4']);
    await client.stop();
  });

  test('what fails on one connection fails nobody on another', async () => {
    const server = await startRawServer((socket, { body }) =>
      body.toString() === 'bad'
        ? void socket.write('nonsense\r\n\r\n')
        : void writePieces(socket, [ok(body.toString())]),
    );
    const client = open({ traffic: { maxConnections: 4 } });
    const bodies = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? 'bad' : `{"n":${index}}`));
    const answers = await Promise.all(bodies.map((body) => ask(client, server.url, { body })));
    expect(answers).toEqual(bodies.map((body) => (body === 'bad' ? 'SUBREQUEST_MALFORMED_RESPONSE' : body)));
    await client.stop();
  });
}
