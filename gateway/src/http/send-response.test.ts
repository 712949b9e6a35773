import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { writeAnswer } from './send-response.ts';

test('the memory of an answer is given back when the socket has taken all of it, and not before', async () => {
  const body = Buffer.alloc(64 * 1024 * 1024, 'a');
  let released = 0;
  const server = createServer((_request, response) => {
    const release = (): void => {
      released += 1;
    };
    writeAnswer(response, { status: 200, headers: {}, body, release });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.pause();
  expect(released).toBe(0);
  let received = first.length;
  socket.on('data', (part: Buffer) => {
    received += part.length;
  });
  socket.resume();
  await once(socket, 'close');
  server.close();
  await once(server, 'close');
  expect(received).toBeGreaterThan(body.length);
  expect(released).toBe(1);
});
