/** A subgraph that costs little: answers of known sizes, by the path. One connection's requests are answered in order. */
import { createServer } from 'node:net';
import { tellCpu } from './tell-cpu.ts';

const answers = new Map(
  [1_000, 20_000, 90_000].map((length) => {
    const body = `{"data":{"a":"${'x'.repeat(length - 17)}"}}`;
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncache-control: max-age=60\r\ncontent-length: ${body.length}\r\ndate: Tue, 24 Nov 2026 10:00:00 GMT\r\nconnection: keep-alive\r\nkeep-alive: timeout=65\r\n\r\n`;
    return [`/${length}`, Buffer.from(head + body)];
  }),
);

const server = createServer((socket) => {
  socket.setNoDelay(true);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      const whole = end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < whole) return;
      const path = text.slice(text.indexOf(' ') + 1, text.indexOf(' HTTP/'));
      text = text.slice(whole);
      socket.write(answers.get(path) ?? 'HTTP/1.1 404 x\r\ncontent-length: 0\r\n\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { readonly port: number };
  tellCpu(`http://127.0.0.1:${port}`);
});
