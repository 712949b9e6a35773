import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FleetOptions } from '../src/index.ts';

/** Another process with a fleet of its own. */
export interface FleetProcess {
  readonly child: ChildProcess;
  readonly pids: readonly number[];
  readonly keeper: number;
  readonly progress: readonly string[];
  /** Set when the start failed. */
  readonly failed?: string;
  /** The failure was told as a user's mistake: one sentence, no stack. */
  readonly user?: boolean;
  stop(): Promise<void>;
}

/** Starts fleet-process.ts and waits until its fleet runs or has failed. */
export async function spawnFleet(
  options: Omit<FleetOptions, 'onProgress' | 'onExit'>,
  user: { readonly uid?: number; readonly gid?: number } = {},
  /** Program and arguments that the node command is handed to. */
  wrapper: readonly string[] = [],
): Promise<FleetProcess> {
  const program = fileURLToPath(new URL('./fleet-process.ts', import.meta.url));
  const node = [process.execPath, '--conditions=weft-source', program, JSON.stringify(options)];
  const [command = '', ...args] = [...wrapper, ...node];
  const child = spawn(command, args, {
    ...user,
    stdio: ['pipe', 'pipe', 'inherit'],
    // A home that cannot be made: the cache below it must not be missed.
    env: { PATH: '/usr/bin:/bin', HOME: '/dev/null' },
  });
  const progress: string[] = [];
  let text = '';
  for await (const piece of child.stdout) {
    text += piece;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines.map((each) => JSON.parse(each) as FleetProcess & { progress: string })) {
      if (line.progress !== undefined) progress.push(line.progress);
      else return { ...line, child, progress, stop: () => stop(child) };
    }
  }
  throw new Error('the fleet process ended without a word');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'exit');
}
