/** More would only say more exactly how hopeless a replica is. */
const MOST_SAMPLES = 120;

/**
 * How far replicas are behind, on one clock and without writing: the primary's log position is sampled; a replica lags
 * by the age of the oldest sample that it has not replayed. Positions are bytes of the write-ahead log.
 */
export interface ReplicationLag {
  /** `at`: when the primary was asked, so that the true lag is never larger than what is told plus one interval. */
  sample(position: number, at: number): void;
  /** 0 when the replica has all that the primary is known to have; undefined while nothing is known of the primary. */
  lagMs(replayed: number, now: number): number | undefined;
}

export function createReplicationLag(): ReplicationLag {
  const samples: { readonly position: number; readonly at: number }[] = [];
  return {
    sample(position, at) {
      const last = samples.at(-1);
      // A primary that begins again behind itself is another primary: forget what the old one had.
      if (last !== undefined && position < last.position) samples.length = 0;
      if (last?.position !== position) samples.push({ position, at });
      // The second oldest goes, so that a replica that replays nothing is seen to lag for ever longer.
      if (samples.length > MOST_SAMPLES) samples.splice(1, 1);
    },
    lagMs(replayed, now) {
      if (samples.length === 0) return undefined;
      const missing = samples.find((sample) => sample.position > replayed);
      return missing === undefined ? 0 : now - missing.at;
    },
  };
}
