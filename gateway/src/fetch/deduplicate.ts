import { type Fetch, type FetchOutcome, type FetchRequest, type FetchStage, giveUp, type Waiting } from './fetch.ts';

export interface DeduplicateOptions {
  readonly deduplicate: boolean;
  readonly timeoutMs: number;
  readonly clock?: () => number;
}

/** Part of the timeout for which a query may be joined: one that takes longer may hang, and is no help to others. */
const JOINABLE = 1 / 10;

/** Equal queries at the same time are sent once: equal in all that a subgraph gets to see, but for trace, time and signature. */
export function deduplicateStage(options: DeduplicateOptions): FetchStage {
  return {
    name: 'deduplicate',
    does: 'when configured: lets a query wait for the answer of an equal one that was sent a moment ago for the same caller',
    wrap: (next) =>
      options.deduplicate
        ? joining(next, options.timeoutMs * JOINABLE, options.clock ?? (() => performance.now()))
        : next,
  };
}

function joining(next: Fetch, windowMs: number, clock: () => number): Fetch {
  const flights = new Map<string, Flight>();
  return (request, done) => {
    if (request.type !== 'query') return next(request, done);
    const key = `${request.subgraph}\n${request.address}\n${request.callerHeaders}\n${request.bodyBytes}`;
    const known = flights.get(key);
    const now = clock();
    if (known?.takes(request, now, windowMs)) return known.join(request, done);
    const flight = new Flight(request, now, () => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    flights.set(key, flight);
    flight.join(request, done);
    next(flight.request, (outcome) => flight.end(outcome));
  };
}

/** One request for all who wait for its answer; each of them has a deadline of its own. */
class Flight {
  readonly request: FetchRequest;
  readonly #beganMs: number;
  readonly #waiting = new Map<FetchRequest, (outcome: FetchOutcome) => void>();
  readonly #onOver: () => void;

  constructor(first: FetchRequest, beganMs: number, onOver: () => void) {
    this.#beganMs = beganMs;
    this.request = { ...first };
    this.#onOver = onOver;
  }

  /** The subgraph was told the deadline of the first one; who joins must not have much more time than that. */
  takes({ deadlineMs }: FetchRequest, nowMs: number, windowMs: number): boolean {
    return nowMs - this.#beganMs < windowMs && deadlineMs - this.request.deadlineMs <= windowMs;
  }

  join(request: FetchRequest, done: (outcome: FetchOutcome) => void): void {
    this.#waiting.set(request, done);
    const waiting: Waiting = {
      giveUp: () => {
        this.#waiting.delete(request);
        if (this.#waiting.size === 0) this.#abandon(request.ended);
        done({ error: request.ended });
      },
    };
    request.waiting = waiting;
  }

  end(outcome: FetchOutcome): void {
    this.#onOver();
    for (const [request, done] of this.#waiting) {
      request.waiting = undefined;
      done(outcome);
    }
  }

  #abandon(reason: unknown): void {
    this.#onOver();
    giveUp(this.request, reason);
  }
}
