import { GraphError } from '@weft/errors';
import type { Identity } from '@weft/service';
import type { HttpStage } from './exchange.ts';

/** Gives the identity of a token, or throws GraphError UNAUTHENTICATED. */
export type VerifyToken = (token: string) => Promise<Identity>;

/** Turns a bearer token into the identity that the rest of the gateway trusts. No token: anonymous. */
export function authenticateStage(verify: VerifyToken): HttpStage {
  return {
    name: 'authenticate',
    does: 'verifies the bearer token; a bad one is refused, none makes an anonymous caller',
    wrap: (next) => async (exchange) => {
      const { authorization } = exchange.request.headers;
      if (authorization === undefined) return await next(exchange);
      const token = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization)?.[1];
      if (token === undefined) throw unauthenticated('Authorization must be "Bearer" and a token.');
      return await next({ ...exchange, user: await verify(token) });
    },
  };
}

export function unauthenticated(message: string, log?: Readonly<Record<string, unknown>>): GraphError {
  return new GraphError('UNAUTHENTICATED', message, log === undefined ? {} : { log });
}
