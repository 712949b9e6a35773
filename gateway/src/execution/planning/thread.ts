import { Worker } from 'node:worker_threads';
import { isGraphError, messageOf, UserError } from '@weft/errors';
import type { PlanStep } from '../plan/steps.ts';
import type { PlanningSource } from './plan-request.ts';
import type { PlanningRequest } from './planning.ts';
import { type FromThread, fromSent, type ThreadData } from './thread-messages.ts';

export interface ThreadLimits {
  /** Heap of one thread, with the supergraph and its planner. */
  readonly maxMemoryMb: number;
}

/** A thread that plans, one request at a time. */
export interface Thread {
  /** @throws ThreadLost when the thread did not live through it; GraphError as the planner does. */
  plan(request: PlanningRequest, timeoutMs: number): Promise<readonly PlanStep[] | undefined>;
  onExit(listener: () => void): void;
  end(): Promise<void>;
}

/** A thread is gone that was to make a plan. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
  /** It went over its bounds of time or memory. */
  readonly overBounds: boolean;

  constructor(message: string, options: { readonly overBounds: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.overBounds = options.overBounds;
  }
}

const IS_SOURCE = import.meta.url.endsWith('.ts');
const ENTRY = new URL(`./planning-thread.${IS_SOURCE ? 'ts' : 'js'}`, import.meta.url);

/**
 * Resolves when it is ready to plan. An idle thread does not keep the process alive.
 *
 * @throws UserError when it cannot start.
 */
export async function startThread({ maxMemoryMb, ...source }: PlanningSource & ThreadLimits): Promise<Thread> {
  const { supergraphSdl, planner } = source;
  const workerData: ThreadData = { supergraphSdl, planner };
  const worker = new Worker(ENTRY, {
    workerData,
    // a deep recursion of a planner is its own affair, too
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, stackSizeMb: 4 },
    execArgv: IS_SOURCE ? ['--conditions=weft-source'] : [],
  });
  let waiting: ((message: FromThread | Error) => void) | undefined;
  const tell = (message: FromThread | Error): void => {
    const listener = waiting;
    waiting = undefined;
    listener?.(message);
  };
  const receive = (): Promise<FromThread> =>
    new Promise((resolve, reject) => {
      waiting = (message) => (message instanceof Error ? reject(message) : resolve(message));
    });
  worker.on('message', (message: FromThread) => tell(message));
  worker.on('error', tell);
  worker.on('exit', () => tell(new Error('the thread has ended')));
  await receive().catch((error: unknown) => {
    throw new UserError(`The planner "${planner}" cannot be started: ${messageOf(error)}`, { cause: error });
  });
  worker.unref();
  return {
    async plan(request, timeoutMs) {
      worker.ref();
      const timer = setTimeout(() => {
        tell(new ThreadLost(`no plan within ${timeoutMs} ms`, { overBounds: true }));
        void worker.terminate();
      }, timeoutMs);
      try {
        const answer = receive();
        worker.postMessage(request);
        return stepsOf(await answer);
      } catch (error) {
        if (isGraphError(error) || error instanceof ThreadLost) throw error;
        const overBounds = isOutOfMemory(error);
        const reason = overBounds ? `no plan within ${maxMemoryMb} MB` : messageOf(error);
        throw new ThreadLost(reason, { overBounds, cause: error });
      } finally {
        clearTimeout(timer);
        worker.unref();
      }
    },
    onExit: (listener) => void worker.once('exit', listener),
    async end() {
      await worker.terminate();
    },
  };
}

function stepsOf(message: FromThread): readonly PlanStep[] | undefined {
  if (message.kind === 'refused') throw fromSent(message.error);
  if (message.kind === 'ready') throw new Error('a thread that was ready before');
  return message.steps;
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
