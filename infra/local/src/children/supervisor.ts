import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@weft/errors';
import { beginLog, type ChildKind, type ChildPlan, launch } from './child.ts';

/** A process that is kept running. Its pid changes when it is started again. */
export interface Child {
  readonly name: string;
  readonly kind: ChildKind;
  readonly of: string;
  readonly log: string;
  /** 0 between a crash and the next start. */
  readonly pid: number;
  /** Where it listens: http://127.0.0.1:15001 */
  readonly url: string;
  /** Where its /metrics is, without a path: `url`, or a port of its own. */
  readonly metricsUrl: string;
  /** How often it was started again. */
  readonly restarts: number;
}

export interface Supervisor {
  readonly children: readonly Child[];
  /** Resolves when the child serves. From then on it is started again whenever it ends. Rejects with a ChildStartError. */
  start(plan: ChildPlan): Promise<Child>;
  /** The processes of a kind that serve now: neither starting, nor stopping, nor gone. */
  servingNow(kind: ChildKind): readonly ChildProcess[];
  /** Ends all children, kind after kind in the given order, the children of a kind side by side. */
  stop(order: readonly ChildKind[]): Promise<void>;
  /** Ends all children at once and by force. */
  kill(): void;
}

export interface SupervisorOptions {
  /** Something a person should know: a crash, a return. */
  readonly onNote: (text: string) => void;
  /** A child listens at another address than before. */
  readonly onMoved: (child: Child) => void;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A child that ran so long has left its trouble behind: the next pause is short again. */
const STEADY_MS = 30_000;
/** The children themselves give up draining a little earlier. */
const STOP_TIMEOUT_MS = 31_000;

interface State {
  readonly plan: ChildPlan;
  process: ChildProcess | undefined;
  isServing: boolean;
  url: string;
  restarts: number;
  /** Ends in a row, each before it ran steadily. */
  failures: number;
}

/** Starts the processes of the graph, keeps them running, and ends them in order. */
export function createSupervisor({ onNote, onMoved }: SupervisorOptions): Supervisor {
  const states: { readonly state: State; readonly child: Child }[] = [];
  const stopping = new AbortController();

  function watch(state: State, child: Child, running: ChildProcess): void {
    const began = performance.now();
    state.isServing = true;
    if (state.plan.sharesAddress) followConnections(state, running);
    const onEnd = (code: number | null, signal: NodeJS.Signals | null): void => {
      state.process = undefined;
      state.isServing = false;
      if (stopping.signal.aborted) return;
      if (performance.now() - began > STEADY_MS) state.failures = 0;
      void restart(state, child, signal ? `signal ${signal}` : `exit code ${code}`);
    };
    if (running.exitCode !== null || running.signalCode !== null) onEnd(running.exitCode, running.signalCode);
    else running.once('exit', onEnd);
  }

  async function restart(state: State, child: Child, how: string): Promise<void> {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** state.failures);
    state.failures += 1;
    state.restarts += 1;
    onNote(`${state.plan.name} ended (${how}); it is started again in ${pause / 1_000} s. Log: ${state.plan.log}`);
    await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
    const { process: running, ready } = launch(state.plan);
    state.process = running;
    try {
      const { url } = await ready;
      const moved = url !== state.url;
      state.url = url;
      if (moved) onMoved(child);
      onNote(`${state.plan.name} runs again.`);
      watch(state, child, running);
    } catch (error) {
      state.process = undefined;
      if (!stopping.signal.aborted) void restart(state, child, messageOf(error).split('\n')[0] ?? '');
    }
  }

  return {
    get children() {
      return states.map(({ child }) => child);
    },
    start: async (plan) => {
      stopping.signal.throwIfAborted();
      beginLog(plan.log);
      const { process: running, ready } = launch(plan);
      const state: State = { plan, process: running, isServing: false, url: '', restarts: 0, failures: 0 };
      const child = viewOf(state);
      const entry = { state, child };
      states.push(entry);
      try {
        state.url = (await ready).url;
      } catch (error) {
        states.splice(states.indexOf(entry), 1);
        throw error;
      }
      watch(state, child, running);
      return child;
    },
    servingNow: (kind) =>
      states.flatMap(({ state }) =>
        state.plan.kind === kind && state.isServing && state.process?.connected ? [state.process] : [],
      ),
    stop: async (order) => {
      stopping.abort();
      for (const kind of order) {
        await Promise.all(
          states.filter(({ state }) => state.plan.kind === kind).map(({ state }) => end(state.process)),
        );
      }
    },
    kill: () => {
      stopping.abort();
      for (const { state } of states) state.process?.kill('SIGKILL');
    },
  };
}

/** See stopOnSignal in @weft/service: a process that stops hears when the last connection for it has been sent. */
function followConnections(state: State, running: ChildProcess): void {
  running.send({ type: 'connections-follow' }, () => {});
  running.on('message', (message: { readonly type?: unknown }) => {
    if (message.type !== 'stopping') return;
    state.isServing = false;
    running.send({ type: 'no-more-connections' }, () => {});
  });
}

/** What others see of a child: always its newest process. */
function viewOf(state: State): Child {
  const { name, kind, of, log } = state.plan;
  return {
    name,
    kind,
    of,
    log,
    get pid() {
      return state.process?.pid ?? 0;
    },
    get url() {
      return state.url;
    },
    get metricsUrl() {
      return state.plan.metricsUrl ?? state.url;
    },
    get restarts() {
      return state.restarts;
    },
  };
}

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  // The whole graph ends: nobody is given time to come back, as they are at SIGTERM.
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}
