import type { ReadLimits } from './server/shard.ts';
import type { WriteToken } from './write-token.ts';

/**
 * How new an answer of a shard has to be: `any` (a replica within the allowed lag, the row cache), `primary`, or such
 * that these transactions can be seen in it.
 */
export type Freshness = 'any' | 'primary' | readonly string[];

/** Older than any replica that is read from, and than any notification that is on its way. */
const TOKEN_LIFE_MS = 60_000;

/** The freshness that the tokens of a caller ask for, by shard. A token that nothing is known of costs reads of the primary. */
export function freshnessOf(
  tokens: readonly WriteToken[],
  shards: { readonly names: readonly string[]; epochOf(shard: string): string },
  now: number = Date.now(),
): (shard: string) => Freshness {
  const known = new Map<string, string[] | 'primary'>();
  let everywhere: Freshness = 'any';
  for (const { shard, epoch, xid, writtenAt } of tokens) {
    if (writtenAt * 1_000 + TOKEN_LIFE_MS < now) continue;
    // The row may have moved since: nobody knows where to.
    if (!shards.names.includes(shard) || mapOf(epoch) !== mapOf(shards.epochOf(shard))) everywhere = 'primary';
    else if (epoch !== shards.epochOf(shard)) known.set(shard, 'primary');
    else if (known.get(shard) !== 'primary') known.set(shard, [...(known.get(shard) ?? []), xid]);
  }
  return (shard) => (everywhere === 'primary' ? everywhere : (known.get(shard) ?? everywhere));
}

export function toReadLimits(freshness: Freshness): Pick<ReadLimits, 'primary' | 'seen'> {
  return typeof freshness === 'string' ? { primary: freshness === 'primary' } : { primary: false, seen: freshness };
}

/** `3.1`: version 3 of the shard map, timeline 1. A timeline of 0 is not known yet, so no later one equals it. */
export function epochOf(mapVersion: number, timeline: number): string {
  return `${mapVersion}.${timeline}`;
}

function mapOf(epoch: string): string {
  return epoch.slice(0, epoch.indexOf('.'));
}
