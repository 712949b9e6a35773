import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { environment } from '@weft/config';
import type { PlannerName } from '../planner/planners.ts';
import type { StartHost, Usage } from './thread.ts';
import type { ThreadData } from './thread-messages.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');
const entry = (name: string): URL => new URL(`./${name}.${IS_SOURCE ? 'ts' : 'js'}`, import.meta.url);
const EXEC_ARGV = IS_SOURCE ? ['--conditions=weft-source'] : [];

/**
 * V8's own limit lies this much higher and is never met: V8 may end the whole process there, when a thread allocates faster
 * than it can be stopped. A thread that is looked at is ended long before.
 */
const HEADROOM_MB = 2_048;

const startWorker: StartHost = ({ supergraphSdl, planner, maxMemoryMb }) => {
  const workerData: ThreadData = { supergraphSdl, planner };
  const worker = new Worker(entry('planning-thread'), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb + HEADROOM_MB },
    execArgv: EXEC_ARGV,
  });
  return {
    send: (request) => worker.postMessage(request),
    onMessage: (listener) => void worker.on('message', listener),
    onEnd(listener) {
      worker.on('error', listener);
      worker.on('exit', () => listener(new Error('the thread has ended')));
    },
    async usage() {
      const [{ used_heap_size: bytes }, { user, system }] = await Promise.all([
        worker.getHeapStatistics(),
        worker.cpuUsage(),
      ]);
      return { bytes, cpuMs: (user + system) / 1_000 };
    },
    hold: (held) => (held ? worker.ref() : worker.unref()),
    async end() {
      await worker.terminate();
    },
  };
};

/** Native code that panics ends its process, and nothing but a signal ends native code that loops. */
const startProcess: StartHost = ({ supergraphSdl, planner, maxMemoryMb }) => {
  const child = fork(fileURLToPath(entry('planning-process')), {
    env: environment(),
    serialization: 'advanced',
    execArgv: [...EXEC_ARGV, `--max-old-space-size=${maxMemoryMb + HEADROOM_MB}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const data: ThreadData = { supergraphSdl, planner };
  child.send(data, () => undefined);
  return {
    send: (request) => void child.send(request, () => undefined),
    onMessage: (listener) => void child.on('message', listener),
    onEnd(listener) {
      child.on('error', listener);
      child.on('exit', (code, signal) => listener(new Error(`the process has ended (${signal ?? code})`)));
    },
    usage: () => processUsage(child.pid),
    hold(held) {
      if (held) child.ref();
      else child.unref();
      if (held) child.channel?.ref();
      else child.channel?.unref();
    },
    async end() {
      child.ref(); // somebody waits for the end
      child.kill('SIGKILL');
      await ended;
    },
  };
};

const PAGE_BYTES = 4_096;
const TICK_MS = 10;
/** Places in /proc/PID/stat, counted after the name, which may hold spaces. */
const STAT = { user: 11, system: 12, residentPages: 21 };

/** Linux tells; elsewhere the clock is the only bound. */
async function processUsage(pid: number | undefined): Promise<Usage> {
  if (pid === undefined || process.platform !== 'linux') return { bytes: undefined, cpuMs: undefined };
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const values = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const value = (at: number): number => Number(values[at]);
  return {
    bytes: value(STAT.residentPages) * PAGE_BYTES,
    cpuMs: (value(STAT.user) + value(STAT.system)) * TICK_MS,
  };
}

/** What each planner runs in. */
export const HOSTS: Readonly<Record<PlannerName, StartHost>> = { apollo: startWorker, native: startProcess };
