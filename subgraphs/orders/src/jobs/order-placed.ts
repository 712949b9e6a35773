import type { RelayHandler } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';
import { shipping } from './shipping.ts';

/** Topic of the event that a new order writes. */
export const ORDER_PLACED = 'order-placed';

export interface OrderPlaced {
  readonly orderId: string;
  readonly jobId: string;
}

/** Starts the shipping: the jobs are queued on the order's shard in the transaction that takes the events out. */
export const startShipping: RelayHandler<OrdersTables> = (events, { send }) =>
  send(shipping, events, ({ payload }) => payload as OrderPlaced);
