import { GraphError } from '@weft/errors';
import type { Deadline, Deadlines } from './deadlines.ts';
import { type FetchRequest, type FetchStage, giveUp } from './fetch.ts';

export interface DeadlineOptions {
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
}

/** The wait for one fetch: what is configured, or less when less is left of the operation. */
export function deadlineStage({ timeoutMs, deadlines }: DeadlineOptions): FetchStage {
  const inFlight = createInFlight();
  return {
    name: 'deadline',
    does: 'bounds the whole fetch by its timeout and by what is left of the operation, and ends it when the client leaves',
    wrap: (next) => (request, done) => {
      const { context } = request;
      const now = performance.now();
      const left = Math.min(timeoutMs, context.deadlineMs - now);
      if (left <= 0) {
        return done({ error: new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.') });
      }
      if (context.signal.aborted) return done({ error: context.signal.reason });
      request.deadlineMs = now + left;
      const deadline: Deadline = { onDeadline: () => giveUp(request, timeout(request.subgraph, left)) };
      const tick = deadlines.add(deadline, request.deadlineMs);
      inFlight.add(context.signal, request);
      next(request, (outcome) => {
        deadlines.remove(deadline, tick);
        inFlight.remove(context.signal, request);
        done(outcome);
      });
    },
  };
}

/** The fetches of each operation that are under way: one listener for all of them, since each costs more than a set. */
function createInFlight() {
  const requests = new WeakMap<AbortSignal, Set<FetchRequest>>();
  return {
    add(signal: AbortSignal, request: FetchRequest): void {
      const known = requests.get(signal);
      if (known !== undefined) return void known.add(request);
      const all = new Set([request]);
      requests.set(signal, all);
      const leave = (): void => {
        for (const one of [...all]) giveUp(one, signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
    },
    remove(signal: AbortSignal, request: FetchRequest): void {
      requests.get(signal)?.delete(request);
    },
  };
}

function timeout(subgraph: string, leftMs: number): GraphError {
  return new GraphError('SUBGRAPH_TIMEOUT', 'A subgraph did not answer in time.', {
    log: { subgraph, waitedMs: Math.round(leftMs) },
  });
}
