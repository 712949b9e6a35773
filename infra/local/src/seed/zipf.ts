/**
 * A Zipf-like spread in closed form: the weight of rank r is the integral of x^-exponent from r+1 to r+2. Nothing is
 * tabulated, so that 200,000 products cost no more memory than 20.
 */
export interface Zipf {
  /** The rank at a point of [0, 1); small ranks are frequent. */
  rankAt(point: number): number;
  /** The share of all ranks below `rank`, from 0 to 1. */
  shareBelow(rank: number): number;
}

/** `exponent` in (0, 1): 0 would be even; near 1 the first of 2,000 gets 6 % of everything. */
export function createZipf(ranks: number, exponent: number): Zipf {
  const power = 1 - exponent;
  const whole = (ranks + 1) ** power - 1;
  return {
    rankAt: (point) => Math.min(ranks - 1, Math.floor((point * whole + 1) ** (1 / power)) - 1),
    shareBelow: (rank) => ((rank + 1) ** power - 1) / whole,
  };
}

/** The numbers from `from` up to and without `to` that `rank` gets when `total` things are dealt out by `zipf`. */
export function slice(zipf: Zipf, rank: number, total: number): { from: number; to: number } {
  return { from: Math.round(zipf.shareBelow(rank) * total), to: Math.round(zipf.shareBelow(rank + 1) * total) };
}

/** A prime above every count that is shuffled, so that multiplying by it visits every index once. */
const STRIDE = 15_485_863;

/** A shuffle of 0..count-1 without a table. */
export function shuffled(index: number, count: number): number {
  return (index * STRIDE) % count;
}
