import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, graphql, parse } from 'graphql';

/** What a peer was asked, in order. */
export interface Asked {
  readonly body: { readonly query: string; readonly variables?: Record<string, unknown> };
  readonly headers: IncomingMessage['headers'];
}

export interface Peer {
  readonly url: string;
  readonly port: number;
  readonly asked: Asked[];
  /** Answers differently from now on; undefined: as a subgraph does. */
  answer: ((request: IncomingMessage, response: ServerResponse, body: string) => void) | undefined;
  /** Value of Cache-Control on answers. */
  cacheControl: string | undefined;
  /** Closes the port and every connection at once, as a killed process does. */
  kill(): Promise<void>;
  /** Opens the same port again. */
  restart(): Promise<void>;
}

export interface PeerDefinition {
  readonly name: string;
  readonly typeDefs: string;
  readonly resolvers: Record<string, unknown>;
}

const running = new Set<Peer>();

/** A subgraph of @apollo/subgraph over real HTTP: not one of ours, so it asks for no signature. */
export async function startPeer(definition: PeerDefinition): Promise<Peer> {
  const schema = buildSubgraphSchema([
    { typeDefs: parse(definition.typeDefs), resolvers: definition.resolvers as never },
  ]) as GraphQLSchema;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void respond(Buffer.concat(chunks).toString('utf8'), request, response));
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const respond = async (text: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(text) as Asked['body'];
    peer.asked.push({ body, headers: request.headers });
    if (peer.answer !== undefined) return peer.answer(request, response, text);
    const result = await graphql({
      schema,
      source: body.query,
      variableValues: body.variables ?? {},
      contextValue: { headers: request.headers },
    });
    sendJson(response, result, peer.cacheControl);
  };
  const listen = (port: number) => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const peer: Peer = {
    url: `http://127.0.0.1:${port}/graphql`,
    port,
    asked: [],
    answer: undefined,
    cacheControl: undefined,
    async kill() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.resetAndDestroy();
      await closed;
    },
    restart: () => listen(port),
  };
  running.add(peer);
  return peer;
}

export async function stopPeers(): Promise<void> {
  await Promise.all([...running].map((peer) => peer.kill().catch(() => undefined)));
  running.clear();
}

export function sendJson(response: ServerResponse, value: unknown, cacheControl?: string): void {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (cacheControl !== undefined) headers['cache-control'] = cacheControl;
  response.writeHead(200, headers).end(JSON.stringify(value));
}
