import type { Place, ShardTransaction } from '@weft/database';

/** An event that another subgraph sends. It may come more than once. */
export interface ReceivedEvent {
  /** The sender's: the same whenever the event comes again. */
  readonly id: string;
  readonly topic: string;
  readonly payload: unknown;
}

export interface ReceiverTools<T> {
  /**
   * Runs `effect` in one transaction on the shard of `at`, together with the mark that `eventId` was handled there; runs
   * nothing and gives false when the mark is there. `eventId` is the event's own id, with more behind it where one event
   * has effects on several shards.
   */
  once(at: Place, eventId: string, effect: (transaction: ShardTransaction<T>) => Promise<void>): Promise<boolean>;
}

/**
 * What a subgraph does with an event of one topic. Throw a GraphError that only a changed request could mend
 * (BAD_USER_INPUT) and the sender gives it up; whatever else is thrown makes it come again.
 */
export type Receiver<T> = (event: ReceivedEvent, tools: ReceiverTools<T>) => Promise<void>;

/** Topic -> what is done about it. */
export type Receivers<T> = Readonly<Record<string, Receiver<T>>>;
