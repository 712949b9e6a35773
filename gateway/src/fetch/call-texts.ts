import type { CallBytes, CallSubgraph } from '../subgraph-call.ts';

const BEYOND_ASCII = /[^\0-\x7f]/;

/** The way to subgraphs for who reads texts. */
export function textsOverBytes(call: CallBytes): CallSubgraph {
  return ({ body, ...rest }) =>
    new Promise((resolve, reject) => {
      const bodyBytes = BEYOND_ASCII.test(body) ? Buffer.from(body).toString('latin1') : body;
      call({ ...rest, bodyBytes }, (outcome) => {
        if ('error' in outcome) return reject(outcome.error);
        const { status, cacheControl, bytes, start, end } = outcome.reply;
        resolve({ status, cacheControl, text: bytes.toString('utf8', start, end) });
      });
    });
}
