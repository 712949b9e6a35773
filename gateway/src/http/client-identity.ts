import type { IncomingHttpHeaders } from 'node:http';
import { isIdentityHeader } from '../identity-headers.ts';
import type { HttpStage } from './exchange.ts';

const CLIENT_NAMES = ['graphql-client-name', 'apollographql-client-name', 'x-client-name'];

/** Reads who the client says it is, for metrics alone, and which of its headers may go on. */
export function clientIdentityStage(options: { readonly forward: readonly string[] }): HttpStage {
  const forward = options.forward.filter((name) => !isIdentityHeader(name));
  return {
    name: 'client-identity',
    does: 'notes the name the client gives itself, and keeps only headers that the configuration lets through',
    wrap: (next) => (exchange) => {
      const { headers } = exchange.request;
      return next({ ...exchange, client: clientName(headers), forwardedHeaders: pick(headers, forward) });
    },
  };
}

function clientName(headers: IncomingHttpHeaders): string | undefined {
  for (const name of CLIENT_NAMES) {
    const value = headers[name];
    if (typeof value === 'string' && /^[\w .:/@-]{1,60}$/.test(value)) return value;
  }
  return undefined;
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) picked[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return picked;
}
