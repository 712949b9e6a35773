import { defineDelivery, type RelayHandler } from '@weft/queue';
import type { InventoryTables } from '../database/tables.ts';

/** Topic of the event that a reservation, or its refusal, writes. */
export const STOCK_ANSWERED = 'stock-answered';

export interface StockAnswered {
  readonly orderId: string;
  readonly jobId: string;
  readonly productId: string;
  readonly reserved: boolean;
}

/** Sends the answers to orders. */
export const tellOrders = defineDelivery<InventoryTables>()({
  ...{ name: 'tell-orders', to: 'orders', topic: STOCK_ANSWERED },
  parse: (data) => data as StockAnswered,
  idOf: ({ orderId, productId }) => `${orderId}:${productId}`,
});

export const sendAnswers: RelayHandler<InventoryTables> = (events, { send }) =>
  send(tellOrders, events, ({ payload }) => payload as StockAnswered);
