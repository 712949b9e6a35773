import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { environment } from '@weft/config';
import { Connection } from './connection.ts';
import type { AskedRequest } from './subgraphs.ts';

/**
 * What no gateway can be below while it is built of the same parts: for every client request the same subgraph requests
 * in the same waves, and a copy of the answer. It parses, plans and checks nothing.
 */
interface FloorWork {
  readonly requests: readonly (AskedRequest & { readonly url: string })[];
  readonly answer: string;
}

const { requests, answer } = JSON.parse(readFileSync(environment().BENCH_FLOOR ?? '', 'utf8')) as FloorWork;
const prebuilt = Buffer.from(answer);
const waves = [...Map.groupBy(requests, ({ wave }) => wave).values()].map((wave) =>
  wave.map(({ url, body }) => {
    const { host, pathname } = new URL(url);
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\nauthorization: `;
    return { url, head, rest: `\r\ncontent-length: ${body.length}\r\n\r\n${body}` };
  }),
);
const idle = new Map<string, Connection[]>();

async function ask({ url, head, rest }: (typeof waves)[number][number], authorization: string): Promise<Buffer> {
  const connection = idle.get(url)?.pop() ?? new Connection(url);
  const { body } = await connection.send(Buffer.from(head + authorization + rest, 'latin1'));
  const list = idle.get(url);
  if (list === undefined) idle.set(url, [connection]);
  else list.push(connection);
  return body;
}

async function askAll(authorization: string): Promise<Buffer> {
  for (const wave of waves) await Promise.all(wave.map((one) => ask(one, authorization)));
  const copy = Buffer.allocUnsafe(prebuilt.length);
  prebuilt.copy(copy);
  return copy;
}

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    askAll(request.headers.authorization ?? 'Bearer nobody').then(
      (copy) =>
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': copy.length }).end(copy),
      () => response.destroy(),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) process.send?.({ url: `http://127.0.0.1:${address.port}/` });
});
process.once('disconnect', () => process.exit(0));
