/**
 * Tells whether something was invalidated while it was being loaded: a reader remembers the generation of its tag before it
 * loads, and does not fill the cache when it moved.
 */
export interface TagGenerations {
  generation(tag: string): number;
  bump(tags: readonly string[]): void;
}

/** Tags share this many counters, so memory does not grow with them. Two that share one only cost a fill now and then. */
const COUNTERS = 65_536;

export function createTagGenerations(): TagGenerations {
  const counters = new Uint32Array(COUNTERS);
  return {
    generation: (tag) => counters[placeOf(tag)] ?? 0,
    bump(tags) {
      for (const tag of tags) {
        const place = placeOf(tag);
        counters[place] = (counters[place] ?? 0) + 1;
      }
    },
  };
}

/** FNV-1a. */
function placeOf(tag: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < tag.length; at++) hash = Math.imul(hash ^ tag.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % COUNTERS;
}
