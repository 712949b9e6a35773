/**
 * What a mutation gives its caller: what was written, in the terms of Postgres. A read that brings it sees the write,
 * whichever server answers. Whoever lets it out of the process signs it.
 */
export interface WriteToken {
  readonly shard: string;
  /** The shard map and the timeline of the primary that wrote: under another one the transaction id says nothing. */
  readonly epoch: string;
  /** An xid8 of Postgres, as decimal text. */
  readonly xid: string;
  /** Seconds since 1970. */
  readonly writtenAt: number;
}
