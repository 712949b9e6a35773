import { messageOf } from '@weft/errors';
import type { CallSubgraph, SubgraphCall } from '../../subgraph-call.ts';

/** A request to a subgraph over bytes. */
export interface ByteCall extends Omit<SubgraphCall, 'body'> {
  /** UTF-8, one character a byte. */
  readonly bodyBytes: string;
}

/** What came back: [start, end) of a buffer that may be reused once `done` has returned. */
export interface ByteReply {
  readonly status: number;
  readonly cacheControl: string | undefined;
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

export type ByteOutcome = { readonly reply: ByteReply } | { readonly error: unknown };

/** Calls a subgraph; `done` is called once, also for what goes wrong. */
export type CallBytes = (call: ByteCall, done: (outcome: ByteOutcome) => void) => void;

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
