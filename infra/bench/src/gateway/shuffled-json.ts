import { createHash } from 'node:crypto';

/**
 * Legal JSON that no fast path likes: indented, and the fields of every object in an order of their own. The same text
 * gives the same order, so that two gateways that ask alike are answered alike.
 */
export function shuffledJson(value: unknown, seed: string): string {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const shuffle = (_: string, inner: unknown): unknown => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(
      Object.entries(inner)
        .map((entry) => ({ entry, rank: next() }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ entry }) => entry),
    );
  };
  return JSON.stringify(value, shuffle, 2);
}
