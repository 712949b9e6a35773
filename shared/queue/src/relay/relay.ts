import type { ShardTransaction } from '@weft/database';
import { isGraphError, messageOf } from '@weft/errors';
import { ATTRIBUTES, METRICS, parseTraceparent, SPANS, type Span } from '@weft/telemetry';
import type { JobDefinition } from '../jobs/job-definition.ts';
import { createWaker } from '../waker.ts';
import type { WorkerSettings } from '../worker-settings.ts';
import { outboxOf, type Runner } from './outbox.ts';
import type { OutboxEvent, RelayHandlers, RelayTools } from './relay-definition.ts';

/** Puts jobs into the queue of the transaction's shard. */
export type SendJobs<T> = (
  transaction: ShardTransaction<T>,
  job: JobDefinition<T>,
  events: readonly SentEvent[],
) => Promise<void>;

/** The data of a job, and the trace that it comes from. */
export interface SentEvent {
  readonly data: object;
  readonly traceparent: string | null;
}

export interface RelayOptions<T> {
  readonly settings: WorkerSettings<T>;
  readonly shard: string;
  readonly handlers: RelayHandlers<T>;
  readonly send: SendJobs<T>;
}

export interface Relay {
  /** Looks at the outbox now: something was written. */
  wake(): void;
  /** Ends after the batch in hand. */
  stop(): Promise<void>;
}

/** Events handled in one transaction. More would hold its locks longer; fewer would pay more commits. */
const BATCH = 100;

/**
 * Drains the outbox of one shard for ever: a batch leaves it in the same transaction as its effects. Copies of a relay
 * share the work, since each passes over what another has locked. It sleeps until it is woken, with a poll for events
 * that failed or whose notification was missed.
 */
export function createRelay<T>(options: RelayOptions<T>): Relay {
  const { settings, shard } = options;
  const waker = createWaker();
  const pass = createPass(options);
  let stopping = false;

  async function run(): Promise<void> {
    while (!stopping) {
      const full = await pass().catch((error: unknown) => {
        settings.telemetry.log.warn({ shard, ...logOf(error) }, 'the outbox could not be drained');
        return false;
      });
      if (!full && !stopping) await waker.sleep(settings.timing.pollMs);
    }
  }

  const running = run();
  return {
    wake: waker.wake,
    async stop() {
      stopping = true;
      waker.wake();
      await running;
    },
  };
}

/** One look at the outbox. Gives true when a whole batch was there, so that more may be waiting. */
function createPass<T>(options: RelayOptions<T>): () => Promise<boolean> {
  const { settings, shard, handlers } = options;
  const { database, telemetry } = settings;
  const outbox = outboxOf(database.subgraph);
  const age = telemetry.gauge(METRICS.queue_outbox_age_seconds);
  const primary: Runner = { query: (sql, parameters) => database.query(shard, sql, parameters) };

  async function handle(transaction: ShardTransaction<T>, events: readonly OutboxEvent[]): Promise<void> {
    const tools = toolsOf(options, transaction);
    for (const [topic, ofTopic] of Map.groupBy(events, (event) => event.topic)) {
      const handler = handlers[topic];
      if (handler === undefined) throw new Error(`no handler for events of topic ${topic}`);
      await handler(ofTopic, tools);
    }
  }

  async function handleAlone(id: string): Promise<void> {
    try {
      await database.transaction(shard, async (transaction) => {
        const event = await outbox.takeOne(transaction, id);
        if (event !== undefined) await handle(transaction, [event]);
      });
    } catch (error) {
      telemetry.log.warn({ shard, event: id, ...logOf(error) }, 'an event of the outbox failed');
      await outbox.postpone(primary, id);
    }
  }

  async function takeBatch(span: Span): Promise<boolean> {
    let taken: OutboxEvent[] = [];
    try {
      await database.transaction(shard, async (transaction) => {
        taken = await outbox.take(transaction, BATCH);
        linkToWriters(span, taken);
        if (taken.length > 0) await handle(transaction, taken);
      });
    } catch (error) {
      if (taken.length === 0) throw error;
      // One of them is the culprit: alone, the others get through.
      for (const { id } of taken) await handleAlone(id);
    }
    return taken.length === BATCH;
  }

  return async () => {
    const seconds = await outbox.oldestSeconds(primary);
    age.set({ shard }, seconds ?? 0);
    if (seconds === undefined) return false;
    return telemetry.span(SPANS.queueRelay, { attributes: { [ATTRIBUTES.shard]: shard } }, takeBatch);
  };
}

function toolsOf<T>({ settings, send }: RelayOptions<T>, transaction: ShardTransaction<T>): RelayTools<T> {
  const { database } = settings;
  return {
    transaction,
    send: (job, events, dataOf) => {
      const sent = events.map((event) => ({ data: dataOf(event), traceparent: event.traceparent }));
      return send(transaction, job, sent);
    },
    async onShardOf(items, bucketOf, effect) {
      const byShard = Map.groupBy(items, (item) => database.shardOf({ bucket: bucketOf(item) }));
      for (const [shard, there] of byShard) {
        if (shard === transaction.shard) await effect(transaction, there);
        else await database.transaction(shard, (elsewhere) => effect(elsewhere, there));
      }
    },
  };
}

/** One link for each write, however many events it wrote. */
function linkToWriters(span: Span, events: readonly OutboxEvent[]): void {
  for (const traceparent of new Set(events.map((event) => event.traceparent))) {
    const writer = traceparent === null ? undefined : parseTraceparent(traceparent);
    if (writer !== undefined) span.addLink(writer);
  }
}

function logOf(error: unknown): Record<string, unknown> {
  return { error: messageOf(error), ...(isGraphError(error) && { code: error.code, cause: error.log }) };
}
