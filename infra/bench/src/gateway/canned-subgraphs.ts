import { createServer, type Socket } from 'node:net';
import { environment } from '@weft/config';
import { type AnswerShape, createCannedAnswers } from './canned-answers.ts';
import { type AskedRequest, SUBGRAPHS } from './subgraphs.ts';

/**
 * All subgraphs in one process, each on a port of its own: the least HTTP/1.1 that a gateway's client needs, over net,
 * so that the subgraphs are not what a fast gateway waits for. They trust everybody: nothing is signed.
 */
const answer = createCannedAnswers(environment().BENCH_SHAPE as AnswerShape);
const HEAD_END = '\r\n\r\n';
const EMPTY = Buffer.alloc(0);

let requests = 0;
let anonymous = 0;
let recorded: AskedRequest[] | undefined;
let wave = 0;
/** Set by an answer: the next request could have waited for it. */
let answered = false;

function record(subgraph: string, body: string): void {
  if (recorded === undefined) return;
  if (answered) wave += 1;
  answered = false;
  recorded.push({ subgraph, body, wave });
}

function serve(socket: Socket, subgraph: string): void {
  let rest: Buffer = EMPTY;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf(HEAD_END);
      if (end < 0) return;
      const head = rest.toString('latin1', 0, end).toLowerCase();
      const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
      if (length === undefined) {
        // what is not GraphQL by POST with a length: a health check, or a client that we have to learn about
        socket.end('HTTP/1.1 411 Length Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        return;
      }
      const start = end + HEAD_END.length;
      const stop = start + Number(length);
      if (rest.length < stop) return;
      const body = rest.toString('latin1', start, stop);
      rest = rest.length === stop ? EMPTY : rest.subarray(stop);
      requests += 1;
      if (!head.includes('\r\nauthorization: ')) anonymous += 1;
      record(subgraph, body);
      // a turn later, so that requests that a gateway sends together are seen together
      setImmediate(() => {
        answered = true;
        socket.write(answer(body));
      });
    }
  });
}

const urls: Record<string, string> = {};
for (const subgraph of SUBGRAPHS) {
  const server = createServer((socket) => serve(socket, subgraph));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  urls[subgraph] = `http://127.0.0.1:${address.port}/graphql`;
}

process.on('message', (message) => {
  if (message === 'record') {
    recorded = [];
    wave = 0;
    answered = false;
  }
  process.send?.({ requests, anonymous, recorded: recorded ?? [] });
  if (message === 'count') recorded = undefined;
});
process.once('disconnect', () => process.exit(0));
process.send?.({ urls });
