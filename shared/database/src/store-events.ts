import { formatTraceparent, type Telemetry } from '@weft/telemetry';
import { invalidationChannel } from './invalidation-payload.ts';
import type { TransactionQuery } from './server/run-transaction.ts';
import type { OutboxEvent } from './session.ts';

/** Of the span that is active now; what is done about an event links to it. */
export function traceparentOf(telemetry: Telemetry): string | undefined {
  const active = telemetry.activeSpanContext();
  return active && formatTraceparent(active);
}

/** Puts events into the outbox by a statement of their own, inside a transaction, and wakes the relay with its commit. */
export async function storeEvents(
  query: TransactionQuery,
  subgraph: string,
  events: readonly OutboxEvent[],
  traceparent: string | undefined,
): Promise<void> {
  if (events.length === 0) return;
  const topics = events.map(({ topic }) => topic);
  const payloads = events.map(({ payload }) => JSON.stringify(payload));
  await query(
    `with stored as (
       insert into ${subgraph}.outbox (topic, payload, traceparent)
       select topic, payload::jsonb, $3 from unnest($1::text[], $2::text[]) as event(topic, payload) returning id
     ) select pg_notify($4, '[]') from stored limit 1`,
    [topics, payloads, traceparent ?? null, invalidationChannel(subgraph)],
  );
}
