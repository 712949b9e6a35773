import type { Keyset, OrderValues } from './compile/keyset.ts';

type Row = Readonly<Record<string, unknown>>;

/** The first `limit` rows of several lists that are each in the keyset's order. */
export function mergeOrdered(keyset: Keyset, lists: readonly (readonly Row[])[], limit: number): Row[] {
  const heads = lists.flatMap((rows) => {
    const [row] = rows;
    return row === undefined ? [] : [{ rows, index: 0, row, values: keyset.valuesOf(row) }];
  });
  const merged: Row[] = [];
  while (merged.length < limit && heads.length > 0) {
    let least = 0;
    // A few shards: looking at each head is quicker than keeping a heap.
    for (let other = 1; other < heads.length; other += 1) {
      if (keyset.compare(valuesAt(other), valuesAt(least)) < 0) least = other;
    }
    const head = heads[least];
    if (head === undefined) break;
    merged.push(head.row);
    head.index += 1;
    const next = head.rows[head.index];
    if (next === undefined) heads.splice(least, 1);
    else {
      head.row = next;
      head.values = keyset.valuesOf(next);
    }
  }
  return merged;

  function valuesAt(index: number): OrderValues {
    return heads[index]?.values ?? [];
  }
}
