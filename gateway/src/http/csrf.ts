import type { IncomingHttpHeaders } from 'node:http';
import { GraphError } from '@weft/errors';
import type { HttpStage } from './exchange.ts';

/** A page of another origin can set one of these only after the browser has asked us. */
const ASKED_FIRST = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'graphql-require-preflight',
  'authorization',
];

/**
 * Refuses a GET that a page of another origin could have made a browser send without asking us first.
 *
 * A POST is safe by its media type: only application/json is read, and that is asked about. A GET without a telling header
 * is taken from programs only: browsers name themselves Mozilla and say where a request comes from, and no page can change
 * either on a request that is not asked about.
 */
export function csrfStage(): HttpStage {
  return {
    name: 'csrf',
    does: 'refuses a GET that a page of another origin could have made a browser send',
    wrap: (next) => async (exchange) => {
      const { method, headers } = exchange.request;
      if (method === 'GET' && !isSafe(headers)) {
        throw new GraphError(
          'CSRF_REFUSED',
          'A browser could have been made to send this request: add the header content-type: application/json or apollo-require-preflight: 1.',
        );
      }
      return await next(exchange);
    },
  };
}

function isSafe(headers: IncomingHttpHeaders): boolean {
  if (mediaType(headers['content-type']) === 'application/json') return true;
  if (headers['content-type'] !== undefined) return false;
  if (ASKED_FIRST.some((name) => typeof headers[name] === 'string' && headers[name] !== '')) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const agent = headers['user-agent'];
  return agent !== undefined && agent !== '' && !agent.startsWith('Mozilla/') && headers.origin === undefined;
}

export function mediaType(contentType: string | undefined): string | undefined {
  return contentType?.split(';')[0]?.trim().toLowerCase();
}
