import type { OutboxEvent } from './relay-definition.ts';

/** Anything that runs statements on a primary: a transaction, or a shard by itself. */
export interface Runner {
  query<Row>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** Statements on `<subgraph>.outbox`, which every shard of a subgraph has. */
export interface Outbox {
  /** The age of the oldest event in seconds, due or not; undefined when there is none. */
  oldestSeconds(runner: Runner): Promise<number | undefined>;
  /** Takes the oldest due events out; those that another relay has in hand are passed over. */
  take(transaction: Runner, limit: number): Promise<OutboxEvent[]>;
  /** Takes one event out, unless another relay has it or has had it. */
  takeOne(transaction: Runner, id: string): Promise<OutboxEvent | undefined>;
  /** Counts a failed try: the event is due again after 1, 2, 4 ... seconds, at most a minute. */
  postpone(runner: Runner, id: string): Promise<void>;
}

export function outboxOf(subgraph: string): Outbox {
  const table = `${subgraph}.outbox`;
  const columns = 'id, topic, payload, attempts, traceparent';
  return {
    async oldestSeconds(runner) {
      const [row] = await runner.query<{ seconds: number }>(
        `select extract(epoch from now() - created_at)::float8 as seconds from ${table} order by id limit 1`,
      );
      return row?.seconds;
    },
    async take(transaction, limit) {
      const rows = await transaction.query<OutboxEvent>(
        `delete from ${table} where id in (
          select id from ${table} where due_at <= now() order by id limit $1 for update skip locked
        ) returning ${columns}`,
        [limit],
      );
      return rows.sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
    },
    async takeOne(transaction, id) {
      const [row] = await transaction.query<OutboxEvent>(
        `delete from ${table} where id = (select id from ${table} where id = $1 for update skip locked)
        returning ${columns}`,
        [id],
      );
      return row;
    },
    async postpone(runner, id) {
      await runner.query(
        `update ${table}
        set attempts = attempts + 1, due_at = now() + least(power(2, least(attempts, 6)), 60) * interval '1 second'
        where id = $1`,
        [id],
      );
    },
  };
}
