import { GraphError } from '@weft/errors';
import type { Log } from '@weft/telemetry';
import type { PlanStep } from '../plan/steps.ts';
import { HOSTS } from './hosts.ts';
import { type PlanningSource, planningFailed } from './plan-request.ts';
import type { Planning, PlanningRequest } from './planning.ts';
import { startThread, type Thread, type ThreadLimits, ThreadLost } from './thread.ts';

export interface PlanningThreadsOptions extends PlanningSource, ThreadLimits {
  /** Longest time for one plan. */
  readonly timeoutMs: number;
  readonly log: Log;
  /** How long a second thread that has nothing to do is kept. Milliseconds. */
  readonly spareForMs?: number;
}

/** Threads of one generation. The second is started when the first is held up, and ends when there is nothing for it. */
const MOST_THREADS = 2;
/** How long requests wait behind one that takes long before another thread is started for them. */
const PATIENCE_MS = 150;
/** Each one that waits holds its request, and all behind it wait for its plan. */
const MOST_WAITING = 500;
const SPARE_FOR_MS = 30_000;
/** Characters of an operation. */
const MOST_LOGGED = 2_000;

interface Job {
  readonly request: PlanningRequest;
  /** It took a thread along, through no fault of its own as far as is known, and waits for another one. */
  again: boolean;
  readonly signal: AbortSignal | undefined;
  readonly done: (steps: readonly PlanStep[] | undefined) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Plans off the event loop, each plan within bounds of time and memory; a thread that goes over them is ended, and another
 * one takes its place. Every plan is made so, because nothing about an operation tells what its plan costs: six fields can
 * take a planner all memory that there is.
 *
 * Resolves when the first thread is ready.
 *
 * @throws UserError when the planner does not run on this machine.
 */
export async function createPlanningThreads(options: PlanningThreadsOptions): Promise<Planning> {
  const { spareForMs = SPARE_FOR_MS } = options;
  const queue: Job[] = [];
  /** Each with the timer that ends it, if there is another one. */
  const idle = new Map<Thread, NodeJS.Timeout | undefined>();
  const all = new Set<Thread>();
  let starting = 0;
  let stopped = false;

  const start = async (): Promise<void> => {
    starting += 1;
    try {
      const thread = await startThread(options, HOSTS[options.planner]);
      if (stopped) return void thread.end();
      all.add(thread);
      thread.onExit(() => forget(thread));
      rest(thread);
    } finally {
      starting -= 1;
    }
    next();
  };
  const startAnother = (): void => {
    start().catch((error: unknown) => {
      options.log.error({ error }, 'A thread that plans operations could not be started.');
      if (all.size === 0) for (const { failed } of queue.splice(0)) failed(error);
    });
  };
  const next = (): void => {
    for (const thread of idle.keys()) {
      const job = queue.shift();
      if (job === undefined) return;
      wake(thread);
      void work(thread, job);
    }
    if (queue.length > 0 && all.size + starting === 0) startAnother();
  };
  const work = async (thread: Thread, job: Job): Promise<void> => {
    try {
      job.done(await thread.plan(job.request, options.timeoutMs));
    } catch (error) {
      if (error instanceof ThreadLost) lost(thread, error, job);
      else job.failed(error);
    }
    if (all.has(thread)) rest(thread);
    next();
  };
  const lost = (thread: Thread, error: ThreadLost, job: Job): void => {
    forget(thread);
    if (stopped) {
      job.failed(shuttingDown());
      return;
    }
    options.log.warn(
      { reason: error.message, operation: job.request.text.slice(0, MOST_LOGGED) },
      'The plan of an operation took its thread along.',
    );
    if (error.overBounds || job.again) {
      job.failed(refusal(error));
    } else if (job.signal?.aborted) {
      job.failed(job.signal.reason);
    } else {
      job.again = true;
      queue.unshift(job);
    }
    // so that the next operation need not wait for one
    if (all.size + starting === 0 || wantsHelp()) startAnother();
  };
  /** From now on it gets nothing to do, though it may take a while to end. */
  const forget = (thread: Thread): void => {
    all.delete(thread);
    wake(thread);
  };
  const wake = (thread: Thread): void => {
    clearTimeout(idle.get(thread));
    idle.delete(thread);
  };
  const rest = (thread: Thread): void => {
    const endIfSpare = (): void => {
      if (all.size === 1) return;
      forget(thread);
      void thread.end();
    };
    idle.set(thread, all.size > 1 ? setTimeout(endIfSpare, spareForMs).unref() : undefined);
  };
  const wantsHelp = (): boolean => queue.length > 0 && idle.size === 0 && all.size + starting < MOST_THREADS;
  const helpLater = (job: Job): void => {
    setTimeout(() => {
      if (queue.includes(job) && wantsHelp()) startAnother();
    }, PATIENCE_MS).unref();
  };

  await start();
  return {
    steps(request, signal) {
      if (stopped) return Promise.reject(shuttingDown());
      if (queue.length >= MOST_WAITING) return Promise.reject(busy());
      return new Promise((done, failed) => {
        const job: Job = { request, signal, again: false, done, failed };
        queue.push(job);
        signal?.addEventListener(
          'abort',
          () => {
            const at = queue.indexOf(job);
            if (at < 0) return; // a plan that is being made is made to its end
            queue.splice(at, 1);
            failed(signal.reason);
          },
          { once: true },
        );
        next();
        if (queue.includes(job)) helpLater(job);
      });
    },
    async stop() {
      stopped = true;
      for (const { failed } of queue.splice(0)) failed(shuttingDown());
      const threads = [...all];
      for (const thread of threads) forget(thread);
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}

function refusal(cause: ThreadLost): GraphError {
  if (!cause.overBounds) return planningFailed(cause);
  return new GraphError('COST_ESTIMATED_TOO_EXPENSIVE', 'The operation is too large to be planned: ask for less.', {
    log: { reason: cause.message },
    cause,
  });
}

function shuttingDown(): GraphError {
  return new GraphError('SHUTTING_DOWN', 'This process is stopping.');
}

function busy(): GraphError {
  return new GraphError('PLANNING_BUSY', 'Too many operations wait to be planned; try again in a moment.');
}
