import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { buildSchema, graphql } from 'graphql';
import type { BuiltConsole } from '../src/index.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};

const schema = buildSchema(`
  type Query { product(sku: String!): Product, caller: String }
  type Product { sku: String!, name: String!, price: String! }
`);

const rootValue = {
  product: ({ sku }: { sku: string }) => ({ sku, name: 'Garden Hoe', price: '12.90 EUR' }),
  caller: (_: unknown, { authorization }: { authorization?: string }) => authorization ?? null,
};

/** A real GraphQL server that serves the console the way the gateway does. */
export async function serveConsole(built: BuiltConsole): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = request.method === 'POST' ? execute(request, response) : sendFile(request, response, built);
    answer.catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function execute(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += chunk;
  const { query, variables, operationName } = JSON.parse(body);
  const contextValue = { authorization: request.headers.authorization };
  const result = await graphql({
    schema,
    source: query,
    rootValue,
    contextValue,
    variableValues: variables,
    operationName,
  });
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'max-age=30, public' });
  response.end(JSON.stringify(result));
}

async function sendFile(request: IncomingMessage, response: ServerResponse, built: BuiltConsole): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const path = pathname === '/graphql' ? 'index.html' : normalize(pathname.replace(/^\/console\//, ''));
  const content = await readFile(join(built.directory, path)).catch(() => undefined);
  if (!content) return void response.writeHead(404).end();
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    'content-security-policy': built.csp,
    'x-content-type-options': 'nosniff',
  });
  response.end(content);
}
