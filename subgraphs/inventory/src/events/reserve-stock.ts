import type { ShardTransaction } from '@weft/database';
import type { Receiver } from '@weft/queue';
import type { InventoryTables } from '../database/tables.ts';
import { STOCK_ANSWERED, type StockAnswered } from '../jobs/tell-orders.ts';
import { type OrderedLine, type OrderLines, toOrderLines } from './order-lines.ts';

export const RESERVE_STOCK = 'reserve-stock';

/**
 * Takes the stock of each line on the shard of its product, and answers for each by an event of its own. Lines do not
 * wait for each other: when one is refused, orders has the others released.
 */
export const reserveStock: Receiver<InventoryTables> = async (event, { once }) => {
  const order = toOrderLines(event);
  for (const line of order.lines) {
    await once({ id: line.productId }, `${order.orderId}:${line.productId}`, (transaction) =>
      reserve(transaction, order, line),
    );
  }
};

async function reserve(
  transaction: ShardTransaction<InventoryTables>,
  { orderId, jobId }: OrderLines,
  line: OrderedLine,
): Promise<void> {
  const reserved = await takeStock(transaction, orderId, line);
  const payload: StockAnswered = { orderId, jobId, productId: line.productId, reserved };
  await transaction.emit([{ topic: STOCK_ANSWERED, payload: { ...payload } }]);
  await transaction.invalidate([`Product:${line.productId}`]);
}

/**
 * All of the line or nothing, from as few warehouses as it takes in their order. The rows of the product are locked
 * first, so that two orders cannot take the same piece; an order that was released before gets nothing.
 */
async function takeStock(
  transaction: ShardTransaction<InventoryTables>,
  orderId: string,
  { productId, quantity }: OrderedLine,
): Promise<boolean> {
  const levels = await transaction.query<{ warehouse_id: string; quantity: number }>(
    'select warehouse_id, quantity from inventory.stock where product_id = $1 order by warehouse_id for update',
    [productId],
  );
  const taken = choose(levels, quantity);
  const [kept] = await transaction.query<{ state: string }>(
    `insert into inventory.reservation (product_id, order_id, state, at) values ($1, $2, $3, now())
     on conflict (product_id, order_id) do nothing returning state`,
    [productId, orderId, taken === undefined ? 'REFUSED' : 'RESERVED'],
  );
  if (taken === undefined || kept === undefined) return false;
  await transaction.query(
    `with taken as (
       insert into inventory.reserved_stock (product_id, order_id, warehouse_id, quantity)
       select $1, $2, * from unnest($3::bigint[], $4::integer[]) returning warehouse_id, quantity
     )
     update inventory.stock set quantity = stock.quantity - taken.quantity from taken
     where stock.product_id = $1 and stock.warehouse_id = taken.warehouse_id`,
    [productId, orderId, taken.map((each) => each.warehouse_id), taken.map((each) => each.quantity)],
  );
  return true;
}

type Level = { readonly warehouse_id: string; readonly quantity: number };

/** How much of which warehouse; undefined when all of them together have too little. */
function choose(levels: readonly Level[], wanted: number): Level[] | undefined {
  const whole = levels.find(({ quantity }) => quantity >= wanted);
  if (whole !== undefined) return [{ ...whole, quantity: wanted }];
  const taken: Level[] = [];
  let left = wanted;
  for (const level of levels) {
    const quantity = Math.min(level.quantity, left);
    if (quantity > 0) taken.push({ ...level, quantity });
    left -= quantity;
  }
  return left === 0 ? taken : undefined;
}
