import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

/** A request as it was written. */
export interface Seen {
  /** Request line and headers, without the empty line. */
  readonly head: string;
  readonly body: Buffer;
  /** Counts the connections of the server from 1. */
  readonly connection: number;
}

/** Answers a request, or not. `index` counts the requests of the server from 0. */
export type Script = (socket: Socket, request: Seen, index: number) => void;

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Whole requests, in the order they came. */
  readonly seen: Seen[];
  readonly sockets: Set<Socket>;
  /** Connections so far. */
  readonly connections: number;
  script: Script;
  stop(): Promise<void>;
}

export interface RawServerOptions {
  readonly host?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const running = new Set<RawServer>();

/** A subgraph that writes the bytes it is told to: nothing between a test and the wire. */
export async function startRawServer(script: Script, options: RawServerOptions = {}): Promise<RawServer> {
  const host = options.host ?? '127.0.0.1';
  const sockets = new Set<Socket>();
  const seen: Seen[] = [];
  let connections = 0;
  const onConnection = (socket: Socket): void => {
    connections += 1;
    const number = connections;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined); // a client that breaks off is what some tests are about
    socket.once('close', () => sockets.delete(socket));
    readRequests(socket, (head, body) => {
      const request = { head, body, connection: number };
      seen.push(request);
      raw.script(socket, request, seen.length - 1);
    });
  };
  const server: Server =
    options.tls === undefined ? createServer(onConnection) : createTlsServer(options.tls, onConnection);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => void server.listen(0, host, resolve));
  const { port } = server.address() as { readonly port: number };
  const name = host.includes(':') ? `[${host}]` : host;
  const raw: RawServer = {
    url: `${options.tls === undefined ? 'http' : 'https'}://${name}:${port}/graphql`,
    port,
    seen,
    sockets,
    script,
    get connections() {
      return connections;
    },
    async stop() {
      running.delete(raw);
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  running.add(raw);
  return raw;
}

export async function stopRawServers(): Promise<void> {
  await Promise.all([...running].map((server) => server.stop()));
}

function readRequests(socket: Socket, onRequest: (head: string, body: Buffer) => void): void {
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const end = buffered.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = buffered.toString('latin1', 0, end);
      const whole = end + 4 + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (buffered.length < whole) return;
      const body = buffered.subarray(end + 4, whole);
      buffered = buffered.subarray(whole);
      onRequest(head, body);
    }
  });
}

/** Writes pieces so that each is read before the next one is sent. */
export async function writePieces(socket: Socket, pieces: readonly (string | Buffer)[]): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed) return;
    await new Promise<void>((resolve) => void socket.write(piece, 'latin1', () => setImmediate(resolve)));
    // the client is in this process: it reads when the event loop comes round
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export const JSON_TYPE = 'content-type: application/json\r\n';

/** An answer with a body of a known length. */
export function ok(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${JSON_TYPE}${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${Buffer.from(body).toString('latin1')}`;
}
