import { WRITE_TOKEN } from '../write-tokens.ts';
import type { HttpAnswer, HttpStage } from './exchange.ts';

export interface CorsOptions {
  readonly origins: readonly string[];
  readonly credentials: boolean;
  readonly maxAge: number;
}

const EXPOSED = `age, cache-control, etag, ${WRITE_TOKEN}`;

/** Answers a browser's question, and lets pages of configured origins read answers. Everyone else gets no header at all. */
export function corsStage(options: CorsOptions): HttpStage {
  const any = options.origins.includes('*');
  const allowed = new Set(options.origins.map((origin) => (origin === '*' ? origin : new URL(origin).origin)));
  return {
    name: 'cors',
    does: 'answers preflight questions, and lets pages of the configured origins read answers',
    wrap: (next) => async (exchange) => {
      const origin = exchange.request.headers.origin;
      const granted = origin !== undefined && (any || allowed.has(origin)) ? origin : undefined;
      const headers = granted === undefined ? {} : grant(granted, any, options);
      if (exchange.request.method === 'OPTIONS') return preflight(headers, granted !== undefined, options);
      const answer = await next(exchange);
      if (allowed.size === 0) return answer;
      return { ...answer, headers: { ...answer.headers, ...headers, vary: vary(answer.headers.vary, 'Origin') } };
    },
  };
}

function grant(origin: string, any: boolean, options: CorsOptions): Record<string, string> {
  return {
    'access-control-allow-origin': any ? '*' : origin,
    'access-control-expose-headers': EXPOSED,
    ...(options.credentials && { 'access-control-allow-credentials': 'true' }),
  };
}

function preflight(headers: Record<string, string>, granted: boolean, options: CorsOptions): HttpAnswer {
  const allow = { allow: 'GET, POST, OPTIONS', vary: 'Origin, Access-Control-Request-Headers' };
  if (!granted) return { status: 204, headers: allow, body: '' };
  return {
    status: 204,
    headers: {
      ...allow,
      ...headers,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': `accept, authorization, content-type, traceparent, tracestate, if-none-match, apollo-require-preflight, ${WRITE_TOKEN}`,
      'access-control-max-age': String(Math.floor(options.maxAge / 1_000)),
    },
    body: '',
  };
}

export function vary(present: string | undefined, name: string): string {
  return present === undefined ? name : `${present}, ${name}`;
}
