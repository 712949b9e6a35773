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
  /** Rejects when it has ended. */
  usage(): Promise<Usage>;
  /** Whether it keeps this process alive. */
  hold(held: boolean): void;
  end(): Promise<void>;
}

/** Since it was started; undefined: not known here. */
export interface Usage {
  readonly bytes: number | undefined;
  readonly cpuMs: number | undefined;
}

export type StartHost = (options: PlanningSource & ThreadLimits) => Host;

/** How often the memory of a busy thread is looked at. */
const LOOK_MS = 50;
const MIB = 1024 * 1024;
/** Where other processes take the processor, or its time is not known, a plan may take this many times its time. */
const WALL_CLOCK = 5;

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
  const own = await host.usage();
  host.hold(false);

  /** Why a plan has to end that was begun with that much used already. */
  const excess = (now: Usage, begun: Usage, timeoutMs: number): string | undefined => {
    if ((now.bytes ?? 0) - (own.bytes ?? 0) > maxMemoryMb * MIB) return `no plan within ${maxMemoryMb} MiB`;
    return (now.cpuMs ?? 0) - (begun.cpuMs ?? 0) > timeoutMs ? `no plan within ${timeoutMs} ms` : undefined;
  };
  return {
    async plan(request, timeoutMs) {
      host.hold(true);
      const stop = (reason: string): void => {
        tell(new ThreadLost(reason, { overBounds: true }));
        void host.end();
      };
      const wallMs = timeoutMs * WALL_CLOCK;
      const timer = setTimeout(() => stop(`no plan within ${wallMs} ms on the clock`), wallMs);
      // of the first look, so that short plans cost none
      let begun: Usage | undefined;
      const look = async (): Promise<void> => {
        const now = await host.usage();
        begun ??= now;
        const reason = excess(now, begun, timeoutMs);
        if (reason !== undefined) stop(reason);
      };
      // it may just have ended
      const looks = setInterval(() => void look().catch(() => undefined), LOOK_MS);
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
