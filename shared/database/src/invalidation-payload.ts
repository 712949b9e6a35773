/** Postgres refuses payloads of 8,000 bytes and more. */
const LONGEST_PAYLOAD_BYTES = 7_900;
/** So many tags that they do not fit: everything. */
const EVERYTHING = '*';

/** The channel on which the processes of a subgraph tell each other, by the write itself, what changed. */
export function invalidationChannel(subgraph: string): string {
  return `weft_${subgraph}`;
}

export function encodeTags(tags: readonly string[]): string {
  const text = JSON.stringify(tags);
  return Buffer.byteLength(text) <= LONGEST_PAYLOAD_BYTES ? text : EVERYTHING;
}

/** `everything` also for a payload that nobody of ours wrote: dropping too much is safe. */
export function decodeTags(payload: string): readonly string[] | 'everything' {
  if (payload === EVERYTHING) return 'everything';
  try {
    const tags: unknown = JSON.parse(payload);
    if (Array.isArray(tags) && tags.every((tag) => typeof tag === 'string')) return tags;
  } catch {}
  return 'everything';
}
