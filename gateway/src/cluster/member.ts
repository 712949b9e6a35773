import cluster, { type Worker } from 'node:cluster';
import type { Socket } from 'node:net';
import type { MetricsSnapshot } from '@weft/telemetry';
import { isMessage, type ToPrimary, type ToWorker } from './messages.ts';
import { createQuestions } from './questions.ts';

/** One worker process, as the primary knows it. */
export interface Member {
  readonly pid: number;
  readonly startedAt: number;
  /** Resolves with its address when it serves; rejects with WorkerEnded when it ended before. */
  readonly serves: Promise<string>;
  /** Resolves when it says that it is ready, or never. */
  readonly ready: Promise<void>;
  readonly exited: Promise<number | null>;
  /** False from the moment it is told to leave or to stop. */
  isServing(): boolean;
  tell(message: ToWorker): void;
  /** Gives it a connection that another process has accepted. `onRefused`: it cannot have it any more, another one can. */
  take(socket: Socket, onRefused: () => void): void;
  /** Undefined when it does not answer in time. */
  count(): Promise<MetricsSnapshot | undefined>;
  /** The last counts that it told. */
  lastCounts(): MetricsSnapshot | undefined;
  /** Sends SIGTERM: it answers what is under way, then ends; see `exited`. */
  stop(): void;
  kill(): void;
}

/** A worker ended before it served. */
export class WorkerEnded extends Error {
  override readonly name = 'WorkerEnded';
  readonly exitCode: number | null;

  constructor(exitCode: number | null) {
    super(`A worker ended with ${exitCode ?? 'a signal'} before it served.`);
    this.exitCode = exitCode;
  }
}

const COUNT_TIMEOUT_MS = 1_000;

/** Starts a worker process, with `environment` over that of this process. `onAskMetrics`: it was asked for /metrics, and wants those of all. */
export function startMember(environment: NodeJS.ProcessEnv | undefined, onAskMetrics: () => Promise<string>): Member {
  const worker = cluster.fork(environment);
  const counting = createQuestions<MetricsSnapshot>(COUNT_TIMEOUT_MS);
  /** Connections go one after the other, each when the one before has come; nobody tells those that are left at its end. */
  const sending = new Set<() => void>();
  let serving = false;
  let leaving = false;
  let hasExited = false;
  let last: MetricsSnapshot | undefined;
  const tell = (message: ToWorker): void => {
    if (message.type === 'leave') leaving = true;
    if (worker.isConnected()) worker.send(message, () => undefined);
  };
  const exited = new Promise<number | null>((resolve) => {
    worker.once('exit', (code: number | null) => resolve(code));
  });
  let onReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    onReady = resolve;
  });
  const serves = new Promise<string>((resolve, reject) => {
    const onServes = (url: string): void => {
      serving = true;
      resolve(url);
    };
    listen(worker, {
      onServes,
      onReady: () => onReady(),
      onCounted(id, snapshot) {
        last = snapshot;
        if (id !== undefined) counting.answer(id, snapshot);
      },
      onAskMetrics(id) {
        onAskMetrics().then(
          (text) => tell({ type: 'metrics', id, text }),
          () => undefined, // it gives up by itself
        );
      },
    });
    void exited.then((code) => {
      hasExited = true;
      counting.giveUp();
      for (const onRefused of sending) onRefused();
      sending.clear();
      reject(new WorkerEnded(code));
    });
  });
  serves.catch(() => undefined); // whoever waits for it is told
  return {
    pid: worker.process.pid ?? 0,
    startedAt: performance.now(),
    serves,
    ready,
    exited,
    isServing: () => serving && !leaving && worker.isConnected(),
    tell,
    take(socket, onRefused) {
      sending.add(onRefused);
      worker.process.send?.({ type: 'connection' }, socket, (error: Error | null) => {
        if (sending.delete(onRefused) && error !== null) onRefused();
      });
    },
    lastCounts: () => last,
    async count() {
      if (hasExited) return undefined;
      return await counting.ask((id) => tell({ type: 'count', id }));
    },
    stop() {
      leaving = true;
      worker.process.kill('SIGTERM');
    },
    kill: () => void worker.process.kill('SIGKILL'),
  };
}

interface Listener {
  onServes(url: string): void;
  onReady(): void;
  /** `id`: of the question; undefined for the last counts of a worker that leaves. */
  onCounted(id: number | undefined, snapshot: MetricsSnapshot): void;
  onAskMetrics(id: number): void;
}

function listen(worker: Worker, listener: Listener): void {
  worker.on('error', () => undefined); // a message that cannot be sent any more; its exit follows
  worker.on('message', (received: unknown) => {
    if (!isMessage(received)) return;
    const message = received as ToPrimary;
    if (message.type === 'serves') listener.onServes(message.url);
    if (message.type === 'listening') listener.onReady();
    if (message.type === 'counted') listener.onCounted(message.id, message.snapshot);
    if (message.type === 'left') listener.onCounted(undefined, message.snapshot);
    if (message.type === 'ask-metrics') listener.onAskMetrics(message.id);
  });
}
