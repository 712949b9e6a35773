/** The known key that was most likely meant; undefined when none is near. A key of another section counts when its last part is the same. */
export function nearestKey(
  given: string,
  siblings: readonly string[],
  everywhere: readonly string[],
): string | undefined {
  const limit = Math.max(1, Math.floor(given.length / 3));
  let best: { key: string; distance: number } | undefined;
  for (const key of siblings) {
    const distance = editDistance(plain(given), plain(key), limit);
    if (distance <= limit && (best === undefined || distance < best.distance)) best = { key, distance };
  }
  return best?.key ?? everywhere.find((dotted) => plain(dotted.slice(dotted.lastIndexOf('.') + 1)) === plain(given));
}

function plain(key: string): string {
  return key.toLowerCase().replaceAll(/[-_]/g, '');
}

/** Levenshtein's distance with swapped neighbours as one step; gives `limit + 1` for anything farther than the limit. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let steps = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        steps = Math.min(steps, (before[j - 2] ?? 0) + 1);
      row.push(steps);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? 0, limit + 1);
}
