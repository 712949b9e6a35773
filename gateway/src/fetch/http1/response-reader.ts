import { Body } from './body.ts';
import { Chunked } from './chunked.ts';
import { BadResponse, MOST_HEAD_BYTES, ResponseHead } from './response-head.ts';

const END_OF_HEAD = Buffer.from('\r\n\r\n');
const NO_BYTES = Buffer.alloc(0);

/** `head`: nothing or a part of a head has come; the others say where the body ends. */
type Framing = 'head' | 'length' | 'chunked' | 'close';

/** Reads the answers of one connection, one after the other, however the bytes are cut. */
export class ResponseReader {
  readonly head = new ResponseHead();
  readonly body: Body;
  readonly #mostBytes: number;
  readonly #chunked = new Chunked();
  #framing: Framing = 'head';
  /** The beginning of a head whose end has not come. */
  #part: Buffer = NO_BYTES;
  /** Of the answer that comes now: its heads, interim ones too. */
  #headBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.body = new Body(mostBytes);
  }

  /** True when something of an answer has come that is not whole. */
  get hasBegun(): boolean {
    return this.#framing !== 'head' || this.#headBytes > 0 || this.#part.length > 0;
  }

  /**
   * Reads [start, end) of a buffer that may be read into again afterwards, up to the end of one answer.
   *
   * @returns where the answer ended: `head` and `body` hold it until `next`; -1: more has to come.
   * @throws BadResponse
   */
  read(source: Buffer, start: number, end: number): number {
    let bytes = source;
    let at = start;
    let to = end;
    const before = this.#part.length;
    if (before > 0) {
      bytes = Buffer.concat([this.#part, source.subarray(start, end)]);
      at = 0;
      to = bytes.length;
      this.#part = NO_BYTES;
    }
    if (this.#framing === 'head') at = this.#readHead(bytes, at, to, Math.max(0, before - 3));
    if (at === -1) return -1;
    const stop = this.#readBody(bytes, at, to);
    if (stop === -1) this.#keepBody();
    return stop === -1 || before === 0 ? stop : start + stop - before;
  }

  /** The connection was closed: true when that was the end of the answer. */
  endsWithClose(): boolean {
    return this.#framing === 'close';
  }

  /** Makes room for the next answer. */
  next(): void {
    this.body.clear();
    this.#framing = 'head';
    this.#headBytes = 0;
  }

  /** Where the body begins; -1: the head has not come whole. */
  #readHead(bytes: Buffer, start: number, end: number, searched: number): number {
    let at = start;
    let from = start + searched;
    for (;;) {
      const found = at === end ? -1 : bytes.indexOf(END_OF_HEAD, from);
      const stop = found === -1 || found > end - 4 ? end : found + 4;
      if (this.#headBytes + stop - at > MOST_HEAD_BYTES) throw new BadResponse(`a head over ${MOST_HEAD_BYTES} bytes`);
      if (stop === end && (found === -1 || found > end - 4)) {
        if (at < end) this.#part = Buffer.from(bytes.subarray(at, end));
        return -1;
      }
      this.head.read(bytes, at, stop);
      this.#headBytes += stop - at;
      at = from = stop;
      if (this.head.status === 101) throw new BadResponse('a protocol that nobody asked for');
      if (this.head.status >= 200) break;
    }
    this.#begin();
    return at;
  }

  #begin(): void {
    const { status, contentLength, transferEncoding } = this.head;
    if (status === 204 || status === 304) {
      this.head.contentLength = 0;
      this.#framing = 'length';
    } else if (transferEncoding !== undefined) {
      this.#chunked.begin();
      this.#framing = 'chunked';
    } else if (contentLength === -1) {
      this.#framing = 'close';
    } else {
      if (contentLength > this.#mostBytes) {
        throw new BadResponse(`${contentLength} bytes announced, ${this.#mostBytes} allowed`);
      }
      this.#framing = 'length';
    }
  }

  #readBody(bytes: Buffer, start: number, end: number): number {
    const { body } = this;
    if (this.#framing === 'chunked') {
      const at = this.#chunked.read(bytes, start, end, body);
      return this.#chunked.done ? at : -1;
    }
    if (this.#framing === 'close') {
      body.append(bytes, start, end);
      return -1;
    }
    const at = Math.min(end, start + this.head.contentLength - body.length);
    body.append(bytes, start, at);
    return body.length === this.head.contentLength ? at : -1;
  }

  /** What is read into next is not the piece that holds the body now. */
  #keepBody(): void {
    if (this.#framing === 'length') this.body.keep(this.head.contentLength);
    else if (this.body.length > 0) this.body.keep(this.body.length);
  }
}
