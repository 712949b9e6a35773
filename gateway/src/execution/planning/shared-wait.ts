import { GraphError } from '@weft/errors';

/** How long one of those who wait does so. */
export interface WaitBounds {
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineMs: number;
}

/** Work that many wait for and that is done once. */
export interface Shared<Made> {
  /**
   * Joins the work under this key, or begins it. When nobody waits for it any more, its signal is aborted: work that has
   * come far may go on and be joined again; work that ends with the reason of its signal is begun anew for who has joined it.
   *
   * @throws what the work throws; the reason of `bounds.signal`; GraphError DEADLINE_EXCEEDED
   */
  get(key: string, work: (signal: AbortSignal) => Promise<Made>, bounds: WaitBounds): Promise<Made>;
}

interface Running<Made> {
  readonly made: Promise<Made>;
  readonly left: AbortController;
  waiting: number;
}

export function createShared<Made>(): Shared<Made> {
  const running = new Map<string, Running<Made>>();
  const begin = (key: string, work: (signal: AbortSignal) => Promise<Made>): Running<Made> => {
    const left = new AbortController();
    const begun: Running<Made> = { made: work(left.signal), left, waiting: 0 };
    running.set(key, begun);
    const forget = (): void => {
      if (running.get(key) === begun) running.delete(key);
    };
    begun.made.then(forget, forget);
    return begun;
  };
  return {
    async get(key, work, bounds) {
      for (;;) {
        const joined = running.get(key) ?? begin(key, work);
        joined.waiting += 1;
        try {
          return await within(joined.made, bounds);
        } catch (error) {
          if (!joined.left.signal.aborted || error !== joined.left.signal.reason) throw error;
        } finally {
          joined.waiting -= 1;
          if (joined.waiting === 0 && running.get(key) === joined) {
            joined.left.abort(new Error('nobody waits for this any more'));
          }
        }
      }
    },
  };
}

function within<Made>(made: Promise<Made>, { signal, deadlineMs }: WaitBounds): Promise<Made> {
  return new Promise((resolve, reject) => {
    const leave = (): void => end(() => reject(signal.reason));
    const late = (): void =>
      end(() => reject(new GraphError('DEADLINE_EXCEEDED', 'The time for this operation is over.')));
    const timer = setTimeout(late, Math.max(0, deadlineMs - performance.now()));
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      settle();
    };
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    made.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
  });
}
