import type { ShardTransaction } from '@weft/database';
import type { JobDefinition } from '../jobs/job-definition.ts';

/** A row of an outbox: something that happened, written in the statement that made it happen. */
export interface OutboxEvent {
  /** Unique on its shard. */
  readonly id: string;
  readonly topic: string;
  /** As the write statement put it; look at its shape before use. */
  readonly payload: unknown;
  /** How often it was tried before. */
  readonly attempts: number;
  /** Of the span that wrote it; null when there was none. */
  readonly traceparent: string | null;
}

export interface RelayTools<T> {
  /**
   * The transaction that takes the events out of the outbox of their shard. What is written here happens exactly once,
   * together with their leaving.
   */
  readonly transaction: ShardTransaction<T>;
  /** Queues a job for each event on this shard, in the transaction. The span of the job links to the event's. */
  send(job: JobDefinition<T>, events: readonly OutboxEvent[], dataOf: (event: OutboxEvent) => object): Promise<void>;
  /**
   * Runs `effect` once for each shard that `bucketOf` names, with the items that belong there. On another shard it
   * commits before the events leave the outbox, so it happens at least once and has to be idempotent.
   */
  onShardOf<I>(
    items: readonly I[],
    bucketOf: (item: I) => number,
    effect: (transaction: ShardTransaction<T>, items: readonly I[]) => Promise<void>,
  ): Promise<void>;
}

/**
 * Handles events of one topic: some at a time, of one shard, in about the order of their writing (an event that failed
 * is tried again later, after younger ones). If it throws, none of them left the outbox and each is tried alone.
 */
export type RelayHandler<T> = (events: readonly OutboxEvent[], tools: RelayTools<T>) => Promise<void>;

/** Topic -> what is done about it. An event whose topic has no handler stays in the outbox and is logged. */
export type RelayHandlers<T> = Readonly<Record<string, RelayHandler<T>>>;
