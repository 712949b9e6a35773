import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { PlannerName } from '../planner/planners.ts';
import type { StartHost } from './thread.ts';
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
    usedBytes: async () => (await worker.getHeapStatistics()).used_heap_size,
    hold: (held) => (held ? worker.ref() : worker.unref()),
    async end() {
      await worker.terminate();
    },
  };
};

/** Native code that panics ends its process, and nothing but a signal ends native code that loops. */
const startProcess: StartHost = ({ supergraphSdl, planner, maxMemoryMb }) => {
  const child = fork(fileURLToPath(entry('planning-process')), {
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
    usedBytes: () => residentBytes(child.pid),
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

/** Linux tells; elsewhere time is the only bound. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined || process.platform !== 'linux') return undefined;
  const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return Number(pages) * PAGE_BYTES;
}

/** What each planner runs in. */
export const HOSTS: Readonly<Record<PlannerName, StartHost>> = { apollo: startWorker, native: startProcess };
