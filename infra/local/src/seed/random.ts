/**
 * Random numbers that are a pure function of (stream, index): any row can be made again on its own, in any order,
 * so that a child finds its parent's price or place without anything being remembered.
 */
export class Random {
  #state = 0;

  /** Starts the numbers of one row. Streams are small constants, one for each kind of decision. */
  at(stream: number, index: number): this {
    this.#state = mix(Math.imul(stream + 1, 0x9e3779b1) ^ mix(index + 0x7f4a7c15));
    return this;
  }

  /** In [0, 1). mulberry32: 32 bits of state are plenty for one row. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** An entry of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T;
  }
}

/** The finalizer of MurmurHash3: neighbouring indexes give unlike numbers. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** One decision, one stream: adding a decision to one kind of row leaves all other rows as they were. */
export const STREAM = {
  account: 0,
  address: 1,
  product: 2,
  stock: 3,
  productQuality: 4,
  reviewAuthor: 5,
  review: 6,
  order: 7,
} as const;
