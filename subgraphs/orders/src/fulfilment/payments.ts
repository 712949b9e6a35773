import { GraphError } from '@weft/errors';
import type { JobTools } from '@weft/queue';
import type { OrdersTables } from '../database/tables.ts';

type Call = Pick<JobTools<OrdersTables>, 'call' | 'signal'>;

/** Its name among the peers. */
export const PROVIDER = 'payments';

/** The provider's key of an order: whatever is asked about it is asked about one charge. */
const keyOf = (orderId: string): string => `order:${orderId}`;

/** The order that a key of the provider is about; undefined for a key of somebody else. */
export const orderOfKey = (key: string): string | undefined => /^order:(\d+)$/.exec(key)?.[1];

/**
 * Charges an order, once however often it is asked: false when the provider says no, for good. Throws
 * SUBREQUEST_HTTP_ERROR when it is not known.
 */
export async function charge(
  { call, signal }: Call,
  orderId: string,
  total: { readonly amountMinor: string; readonly currency: string },
): Promise<boolean> {
  const body = { key: keyOf(orderId), amountMinor: Number(total.amountMinor), currency: total.currency };
  const answer = await call(PROVIDER, { path: '/charges', body, signal });
  const state = (answer.body as { state?: unknown } | undefined)?.state;
  if (state === 'charged') return true;
  if (answer.status === 402 || state === 'voided' || state === 'refunded') return false;
  throw new GraphError('SUBREQUEST_HTTP_ERROR', 'The payment provider refused.', { log: { status: answer.status } });
}

/** Sees to it that the order is not charged: gives back what was, and what was not yet will not be. */
export async function refund({ call, signal }: Call, orderId: string): Promise<void> {
  const { status } = await call(PROVIDER, { path: '/refunds', body: { key: keyOf(orderId) }, signal });
  if (status !== 200) {
    throw new GraphError('SUBREQUEST_HTTP_ERROR', 'The payment provider refused.', { log: { status } });
  }
}
