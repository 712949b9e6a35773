import { type Kysely, sql } from 'kysely';
import type { OrdersTables } from '../database/tables.ts';

export interface NewOrder {
  readonly orderId: string;
  readonly jobId: string;
  readonly userId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly totalMinor: string;
  readonly currency: string;
  readonly lines: readonly NewLine[];
}

export interface NewLine {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPriceMinor: string;
}

/**
 * Key, order, lines and job in one statement; gives the job. Gives no row and writes nothing when the key was used
 * before: of several at the same moment one claims the key, the others wait for it and then find it taken.
 */
export function insertOrder(db: Kysely<OrdersTables>, order: NewOrder) {
  const { orderId, jobId, userId } = order;
  const now = sql<string>`now()`;
  return db
    .with('claim', (query) =>
      query
        .insertInto('orders.idempotency')
        .values({
          user_id: userId,
          key: order.idempotencyKey,
          request_hash: order.requestHash,
          job_id: jobId,
          created_at: now,
        })
        .onConflict((conflict) => conflict.columns(['user_id', 'key']).doNothing())
        .returning(['user_id', 'job_id']),
    )
    .with('placed', (query) =>
      query
        .insertInto('orders.customer_order')
        .columns(['id', 'user_id', 'status', 'placed_at', 'total_minor', 'currency'])
        .expression((from) =>
          from
            .selectFrom('claim')
            .select([
              sql<string>`${orderId}::bigint`.as('id'),
              'user_id',
              sql<'PLACED'>`'PLACED'`.as('status'),
              now.as('placed_at'),
              sql<string>`${order.totalMinor}::bigint`.as('total_minor'),
              sql<string>`${order.currency}::text`.as('currency'),
            ]),
        )
        .returning('id'),
    )
    .with('lined', (query) =>
      query
        .insertInto('orders.order_line')
        .columns(['order_id', 'line_no', 'product_id', 'quantity', 'unit_price_minor', 'currency'])
        .expression((from) =>
          from
            .selectFrom(['placed', linesOf(order.lines)])
            .select([
              'placed.id as order_id',
              'line.line_no',
              'line.product_id',
              'line.quantity',
              'line.unit_price_minor',
              sql<string>`${order.currency}::text`.as('currency'),
            ]),
        ),
    )
    .with('queued', (query) =>
      query
        .insertInto('orders.job')
        .columns(['id', 'user_id', 'order_id', 'state', 'created_at'])
        .expression((from) =>
          from
            .selectFrom('claim')
            .select([
              'job_id as id',
              'user_id',
              sql<string>`${orderId}::bigint`.as('order_id'),
              sql<'QUEUED'>`'QUEUED'`.as('state'),
              now.as('created_at'),
            ]),
        )
        .returningAll(),
    )
    .selectFrom('queued')
    .selectAll();
}

/** The lines as a table: three parameters whatever their number, so that there is one statement for every order. */
function linesOf(lines: readonly NewLine[]) {
  const products = lines.map(({ productId }) => productId);
  const quantities = lines.map(({ quantity }) => quantity);
  const prices = lines.map(({ unitPriceMinor }) => unitPriceMinor);
  return sql<{ product_id: string; quantity: number; unit_price_minor: string; line_no: number }>`
    unnest(${products}::bigint[], ${quantities}::smallint[], ${prices}::bigint[]) with ordinality
  `.as<'line'>(sql`line(product_id, quantity, unit_price_minor, line_no)`);
}
