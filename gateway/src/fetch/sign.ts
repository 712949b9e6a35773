import type { FetchStage } from './fetch.ts';

/** Signs method, path, body and the `weft-user` header, for one subgraph. */
export type SignRequest = (request: {
  /** Its name in the supergraph. */
  readonly audience: string;
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly user: string | undefined;
}) => string;

/** Makes one attempt acceptable to our own subgraphs, and tells how long the gateway will wait for it. */
export function signStage(sign: SignRequest | undefined): FetchStage {
  return {
    name: 'sign',
    does: 'writes the time that is left and the signature; a signature serves once, so each attempt has its own',
    wrap: (next) => (request) => {
      const leftMs = Math.max(1, Math.floor(request.deadlineMs - performance.now()));
      const headers: Record<string, string> = { ...request.headers, 'weft-deadline-ms': String(leftMs) };
      if (sign !== undefined && request.url !== undefined) {
        const path = request.url.pathname + request.url.search;
        const { subgraph: audience, body } = request;
        headers['weft-signature'] = sign({ audience, method: 'POST', path, body, user: headers['weft-user'] });
      }
      return next({ ...request, headers });
    },
  };
}
