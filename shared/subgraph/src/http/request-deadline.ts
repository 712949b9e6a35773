import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphError } from '@weft/errors';
import { INTERNAL_HEADERS, readDeadline } from '@weft/service';

export interface RequestDeadline {
  /** Aborts when the time is over or the caller has gone; its reason is a GraphError. */
  readonly signal: AbortSignal;
  /** The moment, in ms since 1970, that statements must not outlive. */
  readonly deadline: number;
  /** Takes timer and listener down. */
  end(): void;
}

/**
 * The time for one request: what the gateway says is left, at most `maxMs`. One timer and one listener: AbortSignal's
 * own `timeout` and `any` cost about three times as much CPU.
 */
export function startRequestDeadline(
  request: IncomingMessage,
  response: ServerResponse,
  maxMs: number,
): RequestDeadline {
  const leftMs = Math.min(readDeadline(request.headers[INTERNAL_HEADERS.deadline]) ?? maxMs, maxMs);
  const controller = new AbortController();
  const onLate = () => controller.abort(new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.'));
  const onClose = () => {
    if (!response.writableFinished) controller.abort(new GraphError('DEADLINE_EXCEEDED', 'The caller has gone.'));
  };
  const timer = setTimeout(onLate, leftMs);
  response.once('close', onClose);
  return {
    signal: controller.signal,
    deadline: Date.now() + leftMs,
    end() {
      clearTimeout(timer);
      response.off('close', onClose);
    },
  };
}

/** Gives what `work` gives, or throws the reason of the signal as soon as it aborts; `work` is then left to itself. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
