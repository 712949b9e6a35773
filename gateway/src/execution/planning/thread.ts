import { isGraphError, messageOf, UserError } from '@weft/errors';
import type { PlanStep } from '../plan/steps.ts';
import type { PlanningSource } from './plan-request.ts';
import type { PlanningRequest } from './planning.ts';
import { type FromThread, fromSent, type ToThread } from './thread-messages.ts';

export interface ThreadLimits {
  /** For the plan of one operation; the supergraph and its planner come on top. */
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

/** What runs a thread's code: a worker thread, or a process. */
export interface Host {
  send(request: ToThread): void;
  onMessage(listener: (message: FromThread) => void): void;
  /** `error`: why it ended, when that is known. */
  onEnd(listener: (error: Error) => void): void;
  /** Bytes in use; undefined: not known. Rejects when it has ended. */
  usedBytes(): Promise<number | undefined>;
  /** Whether it keeps this process alive. */
  hold(held: boolean): void;
  end(): Promise<void>;
}

export type StartHost = (options: PlanningSource & ThreadLimits) => Host;

/** How often the memory of a busy thread is looked at. */
const LOOK_MS = 50;
const MIB = 1024 * 1024;

/**
 * Resolves when it is ready to plan. An idle thread does not keep the process alive.
 *
 * @throws UserError when it cannot start.
 */
export async function startThread(options: PlanningSource & ThreadLimits, startHost: StartHost): Promise<Thread> {
  const { planner, maxMemoryMb } = options;
  const host = startHost(options);
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
  host.onMessage(tell);
  host.onEnd(tell);
  const started = await receive().catch((error: unknown) => ({ kind: 'failed' as const, reason: messageOf(error) }));
  if (started.kind === 'failed') {
    await host.end();
    throw new UserError(`The planner "${planner}" cannot be started: ${started.reason}`);
  }
  const ownBytes = await host.usedBytes();
  host.hold(false);

  const look = async (stop: (reason: string) => void): Promise<void> => {
    const used = await host.usedBytes();
    if (used !== undefined && used - (ownBytes ?? 0) > maxMemoryMb * MIB) stop(`no plan within ${maxMemoryMb} MiB`);
  };
  return {
    async plan(request, timeoutMs) {
      host.hold(true);
      const stop = (reason: string): void => {
        tell(new ThreadLost(reason, { overBounds: true }));
        void host.end();
      };
      const timer = setTimeout(() => stop(`no plan within ${timeoutMs} ms`), timeoutMs);
      // it may just have ended
      const looks = setInterval(() => void look(stop).catch(() => undefined), LOOK_MS);
      try {
        const answer = receive();
        host.send(request);
        return stepsOf(await answer);
      } catch (error) {
        if (isGraphError(error) || error instanceof ThreadLost) throw error;
        throw new ThreadLost(messageOf(error), { overBounds: isOutOfMemory(error), cause: error });
      } finally {
        clearTimeout(timer);
        clearInterval(looks);
        host.hold(false);
      }
    },
    onExit: (listener) => host.onEnd(listener),
    end: () => host.end(),
  };
}

function stepsOf(message: FromThread): readonly PlanStep[] | undefined {
  if (message.kind === 'refused') throw fromSent(message.error);
  if (message.kind !== 'steps') throw new Error(`a thread that answers ${message.kind}`);
  return message.steps;
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
