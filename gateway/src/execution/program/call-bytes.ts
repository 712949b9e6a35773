import { messageOf } from '@weft/errors';
import type { CallBytes, CallSubgraph } from '../../subgraph-call.ts';

const BEYOND_ASCII = /[\u0080-\u00ff]/;

export function bodyText(bodyBytes: string): string {
  return BEYOND_ASCII.test(bodyBytes) ? Buffer.from(bodyBytes, 'latin1').toString('utf8') : bodyBytes;
}

/** Bytes over a way to subgraphs that knows texts only. */
export function bytesOverTexts(call: CallSubgraph): CallBytes {
  return ({ bodyBytes, ...rest }, done) => {
    call({ ...rest, body: bodyText(bodyBytes) }).then(
      ({ text, status, cacheControl }) => {
        const bytes = Buffer.from(text);
        done({ reply: { status, cacheControl, bytes, start: 0, end: bytes.length } });
      },
      (error: unknown) => done({ error: error ?? new Error(messageOf(error)) }),
    );
  };
}
