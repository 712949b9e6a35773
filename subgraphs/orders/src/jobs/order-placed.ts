import { GraphError } from '@weft/errors';
import { defineDelivery, type RelayHandler } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';
import { type Fulfilment, toFulfilment } from '../fulfilment/job-row.ts';
import { shipping } from './shipping.ts';

/** Topic of the event that a new order writes. */
export const ORDER_PLACED = 'order-placed';

export interface OrderPlaced extends Fulfilment {
  readonly lines: readonly OrderedLine[];
}

export interface OrderedLine {
  readonly productId: string;
  readonly quantity: number;
}

/** Asks inventory for the stock of an order; the answers come as events of their own, one for each line. */
export const reserveStock = defineDelivery<OrdersTables>()({
  ...{ name: 'reserve-stock', to: 'inventory', topic: 'reserve-stock' },
  parse: toOrderPlaced,
  idOf: ({ orderId }) => orderId,
});

/**
 * Starts the fulfilment: the job is queued on the order's shard in the transaction that takes the event out. Orders of
 * the version that knew no stock told of themselves without their lines; they are shipped.
 */
export const startFulfilment: RelayHandler<OrdersTables> = async (events, { send }) => {
  const { true: placed = [], false: older = [] } = Object.groupBy(events, ({ payload }) => `${hasLines(payload)}`);
  await send(reserveStock, placed, ({ payload }) => payload as OrderPlaced);
  await send(shipping, older, ({ payload }) => payload as Fulfilment);
};

const hasLines = (data: unknown): boolean => Array.isArray((data as Partial<OrderPlaced>).lines);

function toOrderPlaced(data: unknown): OrderPlaced {
  const { lines } = data as Partial<OrderPlaced>;
  if (!Array.isArray(lines)) throw new GraphError('BAD_USER_INPUT', 'The event has no lines.');
  return { ...toFulfilment(data), lines };
}
