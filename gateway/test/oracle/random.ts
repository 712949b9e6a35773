/** Draws that depend on nothing but the seed, so that a case is told by its numbers. */
export interface Random {
  /** 0 <= n < `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Between `least` and `most` of them, in their own order. */
  some<T>(list: readonly T[], least: number, most: number): T[];
}

/** mulberry32 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    int,
    chance: (probability) => next() < probability,
    pick(list) {
      if (list.length === 0) throw new Error('nothing to pick from');
      return list[int(list.length)] as (typeof list)[number];
    },
    some(list, least, most) {
      const wanted = Math.min(list.length, least + int(most - least + 1));
      const left = list.map((_, index) => index);
      const drawn = Array.from({ length: wanted }, () => left.splice(int(left.length), 1)[0] as number);
      return drawn.sort((a, b) => a - b).map((index) => list[index] as (typeof list)[number]);
    },
  };
}

/** FNV-1a with a last mix; the same text gives the same number in every process. */
export function hashText(text: string): number {
  let hashed = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hashed = Math.imul(hashed ^ text.charCodeAt(index), 0x01000193);
  }
  hashed = Math.imul(hashed ^ (hashed >>> 16), 0x85ebca6b);
  return (hashed ^ (hashed >>> 13)) >>> 0;
}
