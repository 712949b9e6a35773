import { addressOf } from './copy-address.ts';
import type { FetchStage } from './fetch.ts';

/** Signs method, path, body and the `weft-user` header, for one subgraph. */
export type SignRequest = (request: {
  /** Its name in the supergraph. */
  readonly audience: string;
  readonly method: string;
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly user: string | undefined;
}) => string;

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** Makes one attempt acceptable to our own subgraphs, and tells how long the gateway will wait for it. */
export function signStage(sign: SignRequest | undefined): FetchStage {
  return {
    name: 'sign',
    does: 'writes the time that is left and the signature; a signature serves once, so each attempt has its own',
    wrap: (next) => (request, done) => {
      const leftMs = Math.max(1, Math.floor(request.deadlineMs - performance.now()));
      let lines = `weft-deadline-ms: ${leftMs}\r\n`;
      const { url, bodyBytes, subgraph, userToken } = request;
      if (sign !== undefined && url !== undefined) {
        const body = BEYOND_ASCII.test(bodyBytes) ? Buffer.from(bodyBytes, 'latin1') : bodyBytes;
        const signed = { audience: subgraph, method: 'POST', path: addressOf(url).path, body, user: userToken };
        lines += `weft-signature: ${sign(signed)}\r\n`;
      }
      request.attemptHeaders = lines;
      next(request, done);
    },
  };
}
