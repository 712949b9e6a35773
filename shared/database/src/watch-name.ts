/** How the connections by which processes watch a shard are named: whoever moves buckets reads there who goes by which map. */
export function watchName(subgraph: string, mapVersion: number): string {
  return `weft-${subgraph}-watch map ${mapVersion}`;
}

/** As a pattern of Postgres, and where the version is in it. */
export const WATCH_NAMES = '^weft-[a-z0-9_-]+-watch map ([0-9]+)$';
