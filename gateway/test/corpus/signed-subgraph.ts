import { createServer, type IncomingMessage, type Server, type ServerResponse, request as send } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { createRequestVerifier, createUserTokens } from '@weft/service';

/**
 * Stands before a subgraph that trusts whoever calls it, and does what our subgraphs do by themselves: it answers the
 * gateway alone, and takes the user from the gateway's signed token.
 */
export async function startSignedSubgraph(
  name: string,
  target: string,
  secrets: readonly string[],
): Promise<{ readonly url: string; stop(): void }> {
  const verifier = createRequestVerifier(secrets, { audience: name });
  const tokens = createUserTokens(secrets);
  const server: Server = createServer((request, response) => void answer(request, response));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '/', headers } = request;
    const body = await buffer(request);
    try {
      verifier.verify({ method, path, body, headers });
      const token = headers['weft-user'];
      const user = typeof token === 'string' ? await tokens.verify(token) : undefined;
      pass({ target: new URL(path, target), body, user: user?.subject }, response);
    } catch {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[{"message":"Who calls?"}]}');
    }
  };
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Passed {
  readonly target: URL;
  readonly body: Buffer;
  readonly user: string | undefined;
}

function pass({ target, body, user }: Passed, response: ServerResponse): void {
  const headers = { 'content-type': 'application/json', ...(user !== undefined && { 'x-user-id': user }) };
  const passed = send(target, { method: 'POST', headers }, (answered) => {
    response.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(response);
  });
  passed.on('error', () => response.destroy());
  passed.end(body);
}

/** Passes every connection to `port` on to `url`, as the runner's fault proxy does while it makes no fault. */
export async function passFrom(port: number, url: string): Promise<{ stop(): Promise<void> }> {
  const { hostname, port: to } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createTcpServer((from) => {
    const onward = connect(Number(to), hostname);
    for (const socket of [from, onward]) sockets.add(socket.on('error', () => socket.destroy()));
    from.pipe(onward).pipe(from);
  });
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return {
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
