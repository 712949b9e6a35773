import type { ShardTransaction } from '@weft/database';
import type { Receiver } from '@weft/queue';
import type { InventoryTables } from '../database/tables.ts';
import { toOrderLines } from './order-lines.ts';

export const RELEASE_STOCK = 'release-stock';

/**
 * Gives back what an order holds. What it does not hold yet it will not get: the row stays as a mark for a reservation
 * that comes late.
 */
export const releaseStock: Receiver<InventoryTables> = async (event, { once }) => {
  const { orderId, lines } = toOrderLines(event);
  for (const { productId } of lines) {
    await once({ id: productId }, `${orderId}:${productId}`, (transaction) => release(transaction, orderId, productId));
  }
};

async function release(
  transaction: ShardTransaction<InventoryTables>,
  orderId: string,
  productId: string,
): Promise<void> {
  // In the order of a reservation, so that the two never wait for each other.
  await transaction.query('select from inventory.stock where product_id = $1 order by warehouse_id for update', [
    productId,
  ]);
  await transaction.query(
    `insert into inventory.reservation (product_id, order_id, state, at) values ($1, $2, 'RELEASED', now())
     on conflict (product_id, order_id) do update set state = 'RELEASED', at = now()`,
    [productId, orderId],
  );
  await transaction.query(
    `with back as (
       delete from inventory.reserved_stock where product_id = $1 and order_id = $2 returning warehouse_id, quantity
     )
     update inventory.stock set quantity = stock.quantity + back.quantity from back
     where stock.product_id = $1 and stock.warehouse_id = back.warehouse_id`,
    [productId, orderId],
  );
  await transaction.invalidate([`Product:${productId}`]);
}
