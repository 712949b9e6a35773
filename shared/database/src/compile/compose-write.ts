import {
  type CompiledQuery,
  type OperationNode,
  QueryNode,
  RawNode,
  SelectionNode,
  SelectQueryNode,
  sql,
  type WithNode,
} from 'kysely';
import { encodeTags, invalidationChannel } from '../invalidation-payload.ts';
import type { OutboxEvent } from '../session.ts';
import { asExpression, compileNode } from './statement.ts';

export interface WriteParts {
  readonly subgraph: string;
  readonly events: readonly OutboxEvent[];
  readonly invalidates: readonly string[];
  /** Of the span that writes: what is done about the events links to it. */
  readonly traceparent?: string | undefined;
}

/**
 * A write, its events and its invalidation as one statement: one round trip, and all or nothing.
 *
 * with (the owner's CTEs), weft_rows as (the owner's statement), weft_events as (insert into the outbox)
 * select *, pg_current_xact_id() from weft_rows where pg_notify(...) is not null
 *
 * Events and notification depend on weft_rows: a write that touched no row tells nobody. Postgres folds equal notifications of a
 * transaction, so it does not matter that pg_notify runs for each row.
 */
export function composeWrite(written: CompiledQuery, parts: WriteParts): CompiledQuery {
  const { subgraph, events, invalidates, traceparent = null } = parts;
  const { owned, statement } = splitWith(written.query);
  const ctes = [sql`weft_rows as ${inParens(returningRows(statement))}`];
  if (events.length > 0) {
    const values = events.map(({ topic, payload }) => sql`(${topic}::text, ${JSON.stringify(payload)}::jsonb)`);
    ctes.push(
      sql`weft_events as (insert into ${sql.id(subgraph, 'outbox')} (topic, payload, traceparent) select event.*, ${traceparent}::text from (values ${sql.join(values)}) as event where exists (select from weft_rows))`,
    );
  }
  // Without tags it is still told, because an event wakes the relay.
  const isTold = events.length > 0 || invalidates.length > 0;
  const told = sql` where pg_notify(${invalidationChannel(subgraph)}, ${encodeTags(invalidates)}) is not null`;
  const start = owned === undefined ? sql`with ` : sql`${asExpression(owned)}, `;
  return compileNode(
    sql`${start}${sql.join(ctes)} select weft_rows.*, pg_current_xact_id()::text as weft_xid from weft_rows${isTold ? told : sql``}`.toOperationNode(),
  );
}

/** The owner's rows, and the transaction that wrote them: undefined when none was written. */
export function takeXid(rows: readonly unknown[]): { rows: unknown[]; xid: string | undefined } {
  let xid: string | undefined;
  const own = rows.map((row) => {
    const { weft_xid, weft_written: _written, ...columns } = row as Record<string, unknown>;
    xid = String(weft_xid);
    return columns;
  });
  return { rows: own, xid };
}

/** Data-modifying CTEs may stand only at the top, so the owner's are lifted out of the owner's statement. */
function splitWith(root: OperationNode): { owned: WithNode | undefined; statement: OperationNode } {
  if (!QueryNode.is(root)) return { owned: undefined, statement: root };
  const { with: owned, ...statement } = root;
  return { owned, statement };
}

/** Rows of a statement without `returning` cannot be counted by the others; a column that nobody reads makes them. */
function returningRows(statement: OperationNode): OperationNode {
  if (!QueryNode.is(statement) || SelectQueryNode.is(statement) || statement.returning !== undefined) return statement;
  const written = SelectionNode.create(RawNode.createWithSql('true as weft_written') as never);
  return QueryNode.cloneWithReturning(statement, [written]);
}

function inParens(statement: OperationNode) {
  // Kysely puts a nested select in parentheses by itself, and no other statement.
  return SelectQueryNode.is(statement) ? asExpression(statement) : sql`(${asExpression(statement)})`;
}
