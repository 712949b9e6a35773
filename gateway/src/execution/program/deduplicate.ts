import { randomInt } from 'node:crypto';
import { BACKSLASH, OPEN_BRACE, OPEN_BRACKET } from './scan.ts';

/** `findOrAddPlain` cannot tell: an equal value can have another text. */
export const ESCAPED = -2;

/** Slots of the hash table that is kept between requests; a larger one is dropped. */
const SMALLEST_TABLE = 2 ** 10;
const LARGEST_KEPT = 2 ** 16;

/**
 * Finds texts that were added before, byte by byte. One table serves all requests, since a request body is built at one
 * go: `clear` only starts a new generation.
 */
export class Deduplicator {
  /** Index of the text, plus one; what an earlier generation left counts as empty. */
  #table = new Int32Array(SMALLEST_TABLE);
  #generations = new Int32Array(SMALLEST_TABLE);
  #generation = 0;
  /** The texts, one behind the other. */
  #bytes = Buffer.allocUnsafeSlow(SMALLEST_TABLE);
  /** Where each text ends. */
  #ends: number[] = [];
  #hashes: number[] = [];
  #kinds: number[] = [];

  clear(): void {
    if (
      this.#table.length > LARGEST_KEPT ||
      this.#bytes.length > LARGEST_KEPT * 16 ||
      this.#generation === 2 ** 31 - 1
    ) {
      this.#table = new Int32Array(SMALLEST_TABLE);
      this.#generations = new Int32Array(SMALLEST_TABLE);
      this.#generation = 0;
      this.#bytes = Buffer.allocUnsafeSlow(SMALLEST_TABLE);
      this.#ends = [];
      this.#hashes = [];
      this.#kinds = [];
    }
    this.#generation += 1;
    this.#ends.length = this.#hashes.length = this.#kinds.length = 0;
  }

  get count(): number {
    return this.#ends.length;
  }

  /** The index of an equal text of the same kind that was added before, or -1: this one was added, with the next index. */
  findOrAdd(bytes: Buffer, start: number, end: number, kind: number): number {
    let hash = BASIS ^ kind;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
    return this.#findOrAdd(bytes, start, end, kind, hash ^ (hash >>> 15));
  }

  /** The same for the text of a JSON value; ESCAPED when the value has other spellings. */
  findOrAddPlain(bytes: Buffer, start: number, end: number, kind: number): number {
    const first = bytes[start];
    if (first === OPEN_BRACE || first === OPEN_BRACKET) return ESCAPED;
    let hash = BASIS ^ kind;
    for (let at = start; at < end; at += 1) {
      const byte = bytes[at] as number;
      if (byte === BACKSLASH) return ESCAPED;
      hash = Math.imul(hash ^ byte, PRIME);
    }
    return this.#findOrAdd(bytes, start, end, kind, hash ^ (hash >>> 15));
  }

  #findOrAdd(bytes: Buffer, start: number, end: number, kind: number, hash: number): number {
    if (this.#ends.length * 2 >= this.#table.length) this.#grow();
    const mask = this.#table.length - 1;
    let at = hash & mask;
    while (this.#generations[at] === this.#generation) {
      const index = this.#table[at] as number;
      const same = this.#hashes[index] === hash && this.#kinds[index] === kind;
      if (same && this.#isText(index, bytes, start, end)) return index;
      at = (at + 1) & mask;
    }
    this.#put(at, this.#ends.length);
    this.#keep(bytes, start, end);
    this.#hashes.push(hash);
    this.#kinds.push(kind);
    return -1;
  }

  #isText(index: number, bytes: Buffer, start: number, end: number): boolean {
    const kept = this.#bytes;
    const from = index === 0 ? 0 : (this.#ends[index - 1] as number);
    const length = end - start;
    if ((this.#ends[index] as number) - from !== length) return false;
    for (let at = 0; at < length; at += 1) if (kept[from + at] !== bytes[start + at]) return false;
    return true;
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    const from = this.#ends.at(-1) ?? 0;
    const to = from + end - start;
    if (to > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(to, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, from);
      this.#bytes = larger;
    }
    const kept = this.#bytes;
    for (let at = start; at < end; at += 1) kept[from + at - start] = bytes[at] as number;
    this.#ends.push(to);
  }

  #put(at: number, index: number): void {
    this.#table[at] = index;
    this.#generations[at] = this.#generation;
  }

  #grow(): void {
    const length = this.#table.length * 2;
    this.#table = new Int32Array(length);
    this.#generations = new Int32Array(length);
    this.#generation = 1;
    for (const [index, hash] of this.#hashes.entries()) {
      let at = hash & (length - 1);
      while (this.#generations[at] === 1) at = (at + 1) & (length - 1);
      this.#put(at, index);
    }
  }
}

/** Another in each process, so that nobody can prepare keys that collide. */
const BASIS = randomInt(2 ** 31);
/** Of FNV-1a; its upper bits are brought down. */
const PRIME = 0x01000193;
