import { bodyText } from '../../src/execution/program/call-bytes.ts';
import type { CallBytes, CallSubgraph, SubgraphCall } from '../../src/subgraph-call.ts';

/** Subgraphs whose answers are bytes; the same request has the same answer. */
export interface ByteSubgraphs {
  /** As the object executor gets them: texts. */
  readonly call: CallSubgraph;
  readonly callBytes: CallBytes;
  /** Requests, in order. */
  readonly asked: { readonly type: string; readonly body: string }[];
}

type Answer = (call: SubgraphCall) => Promise<Buffer>;

export function byteSubgraphs(answer: Answer): ByteSubgraphs {
  const answers = new Map<string, Promise<Buffer>>();
  const asked: { readonly type: string; readonly body: string }[] = [];
  const answerTo = (call: SubgraphCall): Promise<Buffer> => {
    const { subgraph, type, body } = call;
    asked.push({ type, body });
    const key = `${subgraph} ${body}`;
    const known = answers.get(key) ?? answer(call);
    answers.set(key, known);
    return known;
  };
  const about = { status: 200, cacheControl: undefined };
  return {
    asked,
    call: async (call) => ({ ...about, text: (await answerTo(call)).toString('utf8') }),
    callBytes({ bodyBytes, ...rest }, done) {
      answerTo({ ...rest, body: bodyText(bodyBytes) }).then(
        (bytes) => {
          // somewhere in a buffer that others write to afterwards
          const shared = Buffer.concat([Buffer.from('"},'), bytes, Buffer.from('"}]')]);
          done({ reply: { ...about, bytes: shared, start: 3, end: 3 + bytes.length } });
          shared.fill(34);
        },
        (error: unknown) => done({ error }),
      );
    },
  };
}
