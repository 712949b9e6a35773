import { createBufferPool } from '../../buffer-pool.ts';
import { BadResponse } from './response-head.ts';

/** For answers that come in pieces, of all connections. */
const buffers = createBufferPool<Buffer>((length) => Buffer.allocUnsafeSlow(length), 8 * 2 ** 20);
const NO_BYTES = Buffer.alloc(0);

/**
 * The body of one answer while it comes. What came in one piece stays where it is, in the buffer that was read into;
 * `keep` copies it away before that buffer is read into again.
 */
export class Body {
  bytes: Buffer = NO_BYTES;
  start = 0;
  end = 0;
  #isOwn = false;
  readonly #mostBytes: number;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** @throws BadResponse when it is too long. */
  append(source: Buffer, start: number, end: number): void {
    if (start === end) return;
    if (this.length + end - start > this.#mostBytes) throw new BadResponse(`over ${this.#mostBytes} bytes`);
    if (this.length === 0 && !this.#isOwn) {
      this.bytes = source;
      this.start = start;
      this.end = end;
      return;
    }
    this.keep(this.length + end - start);
    source.copy(this.bytes, this.end, start, end);
    this.end += end - start;
  }

  /** Makes what is here independent of the buffer that is read into, with room for `expected` bytes in all. */
  keep(expected: number): void {
    const { bytes, start, end } = this;
    if (this.#isOwn && start + expected <= bytes.length) return;
    const own = buffers.take(this.#isOwn ? Math.max(expected, 2 * bytes.length) : expected);
    bytes.copy(own, 0, start, end);
    if (this.#isOwn) buffers.give(bytes);
    this.bytes = own;
    this.start = 0;
    this.end = end - start;
    this.#isOwn = true;
  }

  /** Before the next answer; nobody reads the bytes any more. */
  clear(): void {
    if (this.#isOwn) buffers.give(this.bytes);
    this.bytes = NO_BYTES;
    this.start = this.end = 0;
    this.#isOwn = false;
  }
}
