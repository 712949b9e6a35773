import { GraphError } from '@weft/errors';
import { isId } from '@weft/ids';
import type { ReceivedEvent } from '@weft/queue';

/** What orders tells of one order: all its lines, each of another product. */
export interface OrderLines {
  readonly orderId: string;
  /** Comes back with the answer. */
  readonly jobId: string;
  readonly lines: readonly OrderedLine[];
}

export interface OrderedLine {
  readonly productId: string;
  readonly quantity: number;
}

/** Throws BAD_USER_INPUT for an event of another shape. */
export function toOrderLines({ topic, payload }: ReceivedEvent): OrderLines {
  const { orderId, jobId, lines } = payload as Partial<OrderLines>;
  if (!isId(orderId ?? '') || !isId(jobId ?? '') || !Array.isArray(lines) || !lines.every(isLine)) {
    throw new GraphError('BAD_USER_INPUT', `An event ${topic} has orderId, jobId and lines.`);
  }
  return { orderId, jobId, lines } as OrderLines;
}

function isLine(line: unknown): line is OrderedLine {
  if (typeof line !== 'object' || line === null) return false;
  const { productId, quantity } = line as Partial<OrderedLine>;
  return typeof productId === 'string' && isId(productId) && Number.isInteger(quantity) && Number(quantity) > 0;
}
