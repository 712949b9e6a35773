import { countsOf, type MetricsSnapshot, snapshotText, sumSnapshots } from '@weft/telemetry';
import type { Member } from './member.ts';

/** The metrics of all workers as if they were one process. */
export interface Counts {
  text(members: readonly Member[]): Promise<string>;
  /** Keeps what a worker counted that is gone: a sum that falls would look like a restart of everything. */
  keep(member: Member): void;
}

export function createCounts(): Counts {
  let gone: MetricsSnapshot = [];
  return {
    async text(members) {
      const before = gone; // a worker that goes while it is asked is in one of the two, never in both
      const counted = await Promise.all(
        members.map(async (member) => (await member.count()) ?? countsOf(member.lastCounts() ?? [])),
      );
      return await snapshotText(sumSnapshots([before, ...counted]));
    },
    keep(member) {
      gone = sumSnapshots([gone, countsOf(member.lastCounts() ?? [])]);
    },
  };
}
