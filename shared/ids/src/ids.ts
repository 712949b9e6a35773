import { composeId, EPOCH_MS, SEQUENCES } from './layout.ts';

export interface Ids {
  /** A new id for a row of `bucket`: greater than every id that this generator gave for the bucket before. */
  next(bucket: number): string;
}

/**
 * A generator of ids, once per process. Two processes may choose the same sequence in the same millisecond and bucket;
 * the sequence begins at random to make that rare, and the primary key refuses the second row.
 */
export function createIds({ clock = Date.now }: { clock?: () => number } = {}): Ids {
  let ms = 0;
  let sequence = 0;
  return {
    next(bucket) {
      const now = clock() - EPOCH_MS;
      if (now > ms) {
        ms = now;
        sequence = randomStart();
      } else if (sequence === SEQUENCES) {
        // Out of sequences, or the clock went back: run ahead of the clock, so that order holds without waiting.
        ms += 1;
        sequence = randomStart();
      }
      const id = composeId({ ms, bucket, sequence });
      sequence += 1;
      return id;
    },
  };
}

/** In the lower half, so that at least 2,048 ids are left for the millisecond. */
function randomStart(): number {
  return Math.floor(Math.random() * (SEQUENCES / 2));
}
