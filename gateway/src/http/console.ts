import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { GraphError } from '@weft/errors';
import type { Exchange, HttpAnswer, HttpStage } from './exchange.ts';
import { prefersHtml } from './media-type.ts';

/** What the page may load: its own files and this gateway, nothing else. The console's bundle is built for exactly this. */
export const CONSOLE_CSP =
  "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PREFIX = '/console/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** Serves the console to a person's browser. Not part of the list in production. */
export function consoleStage(options: { readonly directory: string; readonly path: string }): HttpStage {
  return {
    name: 'console',
    does: 'in development, shows the console to a browser that asks for a page, and serves its files',
    wrap: (next) => async (exchange) => {
      const { method } = exchange.request;
      if (method !== 'GET' && method !== 'HEAD') return await next(exchange);
      if (exchange.path.startsWith(PREFIX)) return await file(options.directory, exchange.path.slice(PREFIX.length));
      return asksForPage(exchange, options.path) ? await file(options.directory, 'index.html') : await next(exchange);
    },
  };
}

function asksForPage({ path, search, request }: Exchange, own: string): boolean {
  return path === own && prefersHtml(request.headers.accept) && !new URLSearchParams(search).has('query');
}

async function file(directory: string, name: string): Promise<HttpAnswer> {
  const type = TYPES[extname(name)];
  const path = join(directory, normalize(name));
  // a name is compared as it is, never decoded: files of the bundle have plain names
  if (type === undefined || /[%\\\0]/.test(name) || !path.startsWith(join(directory, sep))) throw notFound();
  const body = await readFile(path).catch(() => {
    throw notFound();
  });
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-security-policy': CONSOLE_CSP,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      // names below assets/ hold a hash of the content
      'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    },
    body,
  };
}

function notFound(): GraphError {
  return new GraphError('NOT_FOUND', 'The console has no such file.');
}
