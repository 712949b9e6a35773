import { byteBuffers, tapes } from './arena-pools.ts';

/** Ints of one operation's tape, 128 MiB: an answer with more objects than that has no honest reason. */
const MOST_TAPE = 2 ** 25;
/** One byte behind a text is the scanner's end mark; the rest lets generated code look a few bytes ahead. */
const BEHIND_TEXT = 16;

/** Lengths that an arena should begin with. */
export interface ArenaSize {
  readonly bytes: number;
  readonly tape: number;
  readonly output: number;
}

/** Thrown when an operation needs more memory than one may have. */
export class ArenaFull extends Error {
  override readonly name = 'ArenaFull';
}

/**
 * The memory of one operation: texts of the subgraphs' answers one behind the other, the tape that indexes them, and the
 * output (a request body while one is built, then the answer). Generated code reads and writes the fields directly.
 */
export class Arena {
  bytes: Buffer<ArrayBuffer>;
  bytesLength = 0;
  tape: Int32Array<ArrayBuffer>;
  tapeLength = 0;
  output: Buffer<ArrayBuffer>;
  outputLength = 0;
  /** Where the function that indexed last has stopped. */
  at = 0;
  /** The record of the operation's root. */
  root = 0;
  /** Text of the one value that identifies an object; negative: what does is in the output. */
  keyStart = -1;
  keyEnd = 0;
  /** Bit n: the n-th condition of the operation holds. */
  conditions = 0;

  constructor(size: ArenaSize) {
    this.bytes = byteBuffers.take(size.bytes);
    this.tape = tapes.take(size.tape);
    this.output = byteBuffers.take(size.output);
  }

  /** Room for a record or cell; its ints are whatever was there before. */
  allocate(ints: number): number {
    const offset = this.tapeLength;
    this.tapeLength = offset + ints;
    if (this.tapeLength > this.tape.length) this.#growTape();
    return offset;
  }

  #growTape(): void {
    if (this.tapeLength > MOST_TAPE) throw new ArenaFull('an answer has too many objects');
    const larger = tapes.take(Math.max(this.tapeLength, this.tape.length * 2));
    larger.set(this.tape);
    tapes.give(this.tape);
    this.tape = larger;
  }

  /** Copies a text behind the others and gives its start; its end mark is set. */
  addText(source: Buffer, start: number, end: number): number {
    const offset = this.bytesLength;
    const length = end - start;
    if (offset + length + BEHIND_TEXT > this.bytes.length) {
      const larger = byteBuffers.take(Math.max(offset + length + BEHIND_TEXT, this.bytes.length * 2));
      this.bytes.copy(larger, 0, 0, offset);
      byteBuffers.give(this.bytes);
      this.bytes = larger;
    }
    source.copy(this.bytes, offset, start, end);
    this.bytes[offset + length] = 0;
    this.bytesLength = offset + length + 1;
    return offset;
  }

  /** Makes room for `length` more bytes of output. */
  reserve(length: number): void {
    const needed = this.outputLength + length;
    if (needed <= this.output.length) return;
    const larger = byteBuffers.take(Math.max(needed, this.output.length * 2));
    this.output.copy(larger, 0, 0, this.outputLength);
    byteBuffers.give(this.output);
    this.output = larger;
  }

  /** When the output is all that is wanted still. */
  releaseInputs(): void {
    byteBuffers.give(this.bytes);
    tapes.give(this.tape);
    this.bytes = NO_BYTES;
    this.tape = NO_TAPE;
  }

  /** Once, when nobody reads the output any more. */
  release(): void {
    this.releaseInputs();
    byteBuffers.give(this.output);
    this.output = NO_BYTES;
  }
}

const NO_BYTES = Buffer.alloc(0);
const NO_TAPE = new Int32Array(0);
