import type { Body } from './body.ts';
import { BadResponse, MOST_HEAD_BYTES } from './response-head.ts';

const CR = 13;
const LF = 10;
const SEMICOLON = 59;

/** SIZE: hexadecimal digits; EXTENSION: what stands between them and the line's end; DATA; AFTER_DATA: its line break; TRAILER: lines up to an empty one. */
type State = 'SIZE' | 'EXTENSION' | 'LINE_FEED' | 'DATA' | 'AFTER_DATA' | 'AFTER_DATA_FEED' | 'TRAILER' | 'DONE';

/** Takes a chunked body apart, wherever the pieces were cut (RFC 9112, 7.1). Trailers are dropped. */
export class Chunked {
  #state: State = 'SIZE';
  #size = 0;
  #digits = 0;
  /** Bytes that are not data, over the whole body: they are bounded too. */
  #overhead = 0;
  #trailerLine = 0;
  #afterCarriageReturn = false;

  begin(): void {
    this.#state = 'SIZE';
    this.#size = this.#digits = this.#overhead = this.#trailerLine = 0;
    this.#afterCarriageReturn = false;
  }

  get done(): boolean {
    return this.#state === 'DONE';
  }

  /**
   * Reads from `start` on, to the end of the body or to `end`, and gives where it stopped.
   *
   * @throws BadResponse
   */
  read(bytes: Buffer, start: number, end: number, body: Body): number {
    let at = start;
    while (at < end && this.#state !== 'DONE') {
      if (this.#state === 'DATA') {
        const to = Math.min(end, at + this.#size);
        body.append(bytes, at, to);
        this.#size -= to - at;
        at = to;
        if (this.#size === 0) this.#state = 'AFTER_DATA';
      } else {
        this.#step(bytes[at] as number);
        at += 1;
        this.#overhead += 1;
        if (this.#overhead > MOST_HEAD_BYTES + body.length) throw new BadResponse('more chunk framing than data');
      }
    }
    return at;
  }

  #step(code: number): void {
    switch (this.#state) {
      case 'SIZE':
        this.#stepSize(code);
        return;
      case 'EXTENSION':
        if (code === CR) this.#state = 'LINE_FEED';
        else if (code < 32 && code !== 9) throw new BadResponse('a broken chunk extension');
        return;
      case 'LINE_FEED':
        if (code !== LF) throw new BadResponse('a broken chunk size');
        this.#digits = 0;
        this.#state = this.#size === 0 ? 'TRAILER' : 'DATA';
        return;
      case 'AFTER_DATA':
        if (code !== CR) throw new BadResponse('a chunk that is longer than its size');
        this.#state = 'AFTER_DATA_FEED';
        return;
      case 'AFTER_DATA_FEED':
        if (code !== LF) throw new BadResponse('a chunk that is longer than its size');
        this.#state = 'SIZE';
        return;
      default:
        this.#stepTrailer(code);
    }
  }

  #stepSize(code: number): void {
    const digit = hexDigit(code);
    if (digit >= 0) {
      this.#digits += 1;
      if (this.#digits > 8) throw new BadResponse('a chunk size without end');
      this.#size = this.#size * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw new BadResponse('a broken chunk size');
    if (code === CR) this.#state = 'LINE_FEED';
    else if (code === SEMICOLON) this.#state = 'EXTENSION';
    else throw new BadResponse('a broken chunk size');
  }

  #stepTrailer(code: number): void {
    if (this.#afterCarriageReturn) {
      if (code !== LF) throw new BadResponse('a broken trailer');
      this.#afterCarriageReturn = false;
      if (this.#trailerLine === 0) this.#state = 'DONE';
      this.#trailerLine = 0;
    } else if (code === CR) {
      this.#afterCarriageReturn = true;
    } else {
      if (code < 32 && code !== 9) throw new BadResponse('a broken trailer');
      this.#trailerLine += 1;
    }
  }
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
