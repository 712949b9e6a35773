import { GraphError } from '@weft/errors';
import type { FetchStage } from './fetch.ts';

/** The wait for one fetch: what is configured, or less when less is left of the operation. */
export function deadlineStage(options: { readonly timeoutMs: number }): FetchStage {
  return {
    name: 'deadline',
    does: 'bounds the whole fetch by its timeout and by what is left of the operation, and ends it when the client leaves',
    wrap: (next) => async (request) => {
      const now = performance.now();
      const left = Math.min(options.timeoutMs, request.context.deadlineMs - now);
      if (left <= 0) throw new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.');
      const operation = request.context.signal;
      if (operation.aborted) throw operation.reason;
      // one timer and one listener, both taken down: AbortSignal.any with .timeout costs three times as much a fetch
      const controller = new AbortController();
      const timer = setTimeout(() => controller.abort(timeout(request.subgraph, left)), left);
      const leave = () => controller.abort(operation.reason);
      operation.addEventListener('abort', leave, { once: true });
      try {
        return await next({ ...request, signal: controller.signal, deadlineMs: now + left });
      } finally {
        clearTimeout(timer);
        operation.removeEventListener('abort', leave);
      }
    },
  };
}

function timeout(subgraph: string, leftMs: number): GraphError {
  return new GraphError('SUBGRAPH_TIMEOUT', 'A subgraph did not answer in time.', {
    log: { subgraph, waitedMs: Math.round(leftMs) },
  });
}
