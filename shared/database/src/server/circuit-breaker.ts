/** Open after this many failures one after the other. */
const FAILURES_TO_OPEN = 2;

/** Keeps statements away from a server that does not answer. */
export interface CircuitBreaker {
  /** False: do not even try. True while half-open is for one trial; its outcome must be told. */
  admits(): boolean;
  /** What {@link admits} would say, without taking the trial. */
  readonly mayAdmit: boolean;
  succeeded(): void;
  failed(): void;
  /** The monitor cannot reach the server: open at once. */
  open(): void;
  readonly isOpen: boolean;
}

type State = { readonly kind: 'closed'; failures: number } | { readonly kind: 'open'; tryAgainAt: number };

export function createCircuitBreaker(options: {
  readonly openMs: number;
  /** Half-open only then: a trial on a server that hangs would cost a request its whole timeout. */
  readonly mayBeUp: () => boolean;
  readonly clock?: () => number;
}): CircuitBreaker {
  const clock = options.clock ?? Date.now;
  let state: State = { kind: 'closed', failures: 0 };
  const mayAdmit = (): boolean => state.kind === 'closed' || (clock() >= state.tryAgainAt && options.mayBeUp());
  const open = (): void => {
    state = { kind: 'open', tryAgainAt: clock() + options.openMs };
  };
  return {
    admits() {
      if (!mayAdmit()) return false;
      // The next trial is due only after this one had its time, in case its outcome is never told.
      if (state.kind === 'open') state.tryAgainAt = clock() + options.openMs;
      return true;
    },
    get mayAdmit() {
      return mayAdmit();
    },
    succeeded() {
      if (state.kind === 'open' || state.failures > 0) state = { kind: 'closed', failures: 0 };
    },
    failed() {
      if (state.kind === 'open') open();
      else {
        state.failures += 1;
        if (state.failures >= FAILURES_TO_OPEN) open();
      }
    },
    open,
    get isOpen() {
      return state.kind === 'open';
    },
  };
}
