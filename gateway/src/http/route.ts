import { GraphError } from '@weft/errors';
import type { HttpStage } from './exchange.ts';

/** The one path, and the methods it knows. */
export function routeStage(options: { readonly path: string }): HttpStage {
  return {
    name: 'route',
    does: 'knows one path and the methods GET and POST',
    wrap: (next) => async (exchange) => {
      if (exchange.path !== options.path) throw new GraphError('NOT_FOUND', `GraphQL is served at ${options.path}.`);
      const { method } = exchange.request;
      if (method !== 'GET' && method !== 'POST') throw new GraphError('METHOD_NOT_ALLOWED', 'Send GET or POST.');
      return await next(exchange);
    },
  };
}
