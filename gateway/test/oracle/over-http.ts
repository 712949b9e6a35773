import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ExecutionResult } from 'graphql';
import { createGateway, type Gateway, type GatewayConfigInput, toGatewayConfig } from '../../src/index.ts';
import { createContext } from './context.ts';
import type { Operation } from './draw-operation.ts';
import { type Graph, openGraph } from './graph.ts';
import type { World } from './world.ts';

export interface GraphOverHttp {
  readonly graph: Graph;
  readonly gateway: Gateway;
  ask(operation: Operation): Promise<ExecutionResult>;
  stop(): Promise<void>;
}

/** A world as a client meets it: subgraphs that listen, and a whole gateway before them. */
export async function openOverHttp(
  world: World,
  engine: NonNullable<GatewayConfigInput['engine']>,
  config: Pick<GatewayConfigInput, 'planning' | 'traffic'> = {},
): Promise<GraphOverHttp | undefined> {
  let graph: Graph | undefined;
  // mutations are counted for each operation, and operations are asked one after the other
  let context = createContext();
  const answer = async (subgraph: string, request: IncomingMessage): Promise<string> => {
    const body = (await buffer(request)).toString('utf8');
    const called = graph?.mocks.call({ subgraph, address: '', type: 'query', body, path: '', context });
    return (await called)?.text ?? '{}';
  };
  const servers = world.subgraphs.map((name) =>
    createServer((request, response) => {
      answer(name, request).then(
        (text) => response.writeHead(200, { 'content-type': 'application/json' }).end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    }),
  );
  const urls = await Promise.all(servers.map(listen));
  graph = openGraph(world, Object.fromEntries(world.subgraphs.map((name, index) => [name, urls[index] ?? ''])));
  if (graph === undefined) return void (await Promise.all(servers.map(close)));
  const directory = await mkdtemp(join(tmpdir(), 'weft-oracle-'));
  const file = join(directory, 'supergraph.graphql');
  await writeFile(file, graph.supergraphSdl);
  const gateway = await createGateway(
    toGatewayConfig({ ...config, engine, supergraph: { file }, http: { port: 0 }, telemetry: { logLevel: 'silent' } }),
  );
  return {
    graph,
    gateway,
    async ask({ text, variables }) {
      context = createContext();
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, variables }),
      });
      return (await response.json()) as ExecutionResult;
    },
    async stop() {
      await gateway.stop();
      await Promise.all(servers.map(close));
      await rm(directory, { recursive: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => void server.close(() => resolve()));
}
