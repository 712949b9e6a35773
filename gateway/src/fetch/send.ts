import { failureOf, inUtf8, isJson, malformed, notJson } from './answer.ts';
import type { Connections } from './connections.ts';
import { addressOf, type CopyAddress } from './copy-address.ts';
import type { Fetch, FetchOutcome, FetchReply, FetchRequest, Waiting } from './fetch.ts';
import { cancel, type Exchange, type Holder, type HttpFailure, type HttpReply } from './http1/exchange.ts';
import { inflate } from './inflate.ts';
import { reasonOf } from './no-answer.ts';

/** The innermost step: one POST over a kept connection, the answer read whole within its bound. */
export function createSend(connections: Connections, options: { readonly maxResponseBytes: number }): Fetch {
  return (request, done) => {
    const { url } = request;
    if (url === undefined) throw new Error('send needs the copy that balance picks');
    if (request.ended !== undefined) return done({ error: request.ended });
    const address = addressOf(url);
    const attempt = new Attempt(request, { url, done, text: textOf(request, address), ...options });
    request.waiting = attempt;
    connections.send(attempt, { origin: address.origin, subgraph: request.subgraph });
  };
}

const heads = new WeakMap<CopyAddress, string>();

/** One character a byte. */
function textOf(request: FetchRequest, address: CopyAddress): string {
  let head = heads.get(address);
  if (head === undefined) {
    head =
      `POST ${address.path} HTTP/1.1\r\nhost: ${address.host}\r\ncontent-type: application/json\r\n` +
      'accept: application/graphql-response+json, application/json;q=0.9\r\n';
    heads.set(address, head);
  }
  const { callerHeaders, traceHeaders, attemptHeaders, bodyBytes } = request;
  return `${head}${callerHeaders}${traceHeaders}${attemptHeaders}content-length: ${bodyBytes.length}\r\n\r\n${bodyBytes}`;
}

interface AttemptOptions {
  readonly url: URL;
  readonly done: (outcome: FetchOutcome) => void;
  readonly text: string;
  readonly maxResponseBytes: number;
}

class Attempt implements Exchange, Waiting {
  readonly text: string;
  readonly mayShare: boolean;
  readonly fresh: boolean;
  holder: Holder | undefined = undefined;
  readonly #request: FetchRequest;
  readonly #url: URL;
  readonly #done: (outcome: FetchOutcome) => void;
  readonly #maxResponseBytes: number;

  constructor(request: FetchRequest, options: AttemptOptions) {
    this.text = options.text;
    this.mayShare = request.type === 'query';
    this.fresh = request.fresh;
    this.#request = request;
    this.#url = options.url;
    this.#done = options.done;
    this.#maxResponseBytes = options.maxResponseBytes;
  }

  giveUp(): void {
    cancel(this);
    this.#done({ error: this.#request.ended });
  }

  onFailure(failure: HttpFailure): void {
    this.#end({ error: failureOf(failure, this.#request, this.#url) });
  }

  onReply({ head, bytes, start, end }: HttpReply): void {
    const { status, contentType, contentEncoding, cacheControl, writeToken } = head;
    if (writeToken !== undefined) this.#request.context.writeTokens?.add(writeToken);
    if (!isJson(contentType)) {
      this.#end({ error: notJson(this.#request, this.#url, status, contentType) });
    } else if (contentEncoding === undefined || contentEncoding === 'identity') {
      this.#take({ status, cacheControl, url: this.#url, bytes, start, end });
    } else {
      const compressed = Buffer.from(bytes.subarray(start, end));
      inflate(compressed, contentEncoding.toLowerCase(), this.#maxResponseBytes).then(
        (whole) => this.#take({ status, cacheControl, url: this.#url, bytes: whole, start: 0, end: whole.length }),
        (error: unknown) => {
          const reason = `content-encoding ${contentEncoding}: ${reasonOf(error)}`;
          this.#end({ error: malformed(this.#request, reason, error) });
        },
      );
    }
  }

  #take(reply: FetchReply): void {
    this.#end(inUtf8(reply, this.#request));
  }

  #end(outcome: FetchOutcome): void {
    if (this.#request.waiting !== this) return; // given up meanwhile
    this.#request.waiting = undefined;
    this.#done(outcome);
  }
}
