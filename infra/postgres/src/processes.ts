import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

// Linux tells all this in /proc; elsewhere `ps` does. The keeper imports this file too: only Node's own modules here.

/** True while the process runs. A zombie that nobody has reaped yet counts as dead. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false; // to the kernel these are groups
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return statFields(pid)?.[0] !== 'Z';
}

/** Tells two processes apart that had the same pid one after the other. Empty when the machine does not say. */
export function startTimeOf(pid: number): string {
  return statFields(pid)?.[19] ?? '';
}

/** The command line of a process, or '' when it is gone or hidden. */
export function commandOf(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** The process and all its descendants, parents first. */
export function processTree(root: number): number[] {
  refuseNobodys(root);
  const childrenOf = new Map<number, number[]>();
  for (const [pid, parent] of processTable()) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid]);
  const tree = [root];
  for (const pid of tree) tree.push(...(childrenOf.get(pid) ?? []));
  return tree;
}

/** Signals a process and all its descendants; parents first, so that a stopped parent makes no new child meanwhile. */
export function signalTree(root: number, signal: NodeJS.Signals): void {
  for (const pid of processTree(root)) sendSignal(pid, signal);
}

/** Signals one process; one that is gone already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  refuseNobodys(pid);
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** To the kernel 0 means our own group, and below it and 1 hangs the whole machine: never a process that is meant. */
function refuseNobodys(pid: number): void {
  if (!(Number.isSafeInteger(pid) && pid > 1)) throw new Error(`${pid} is no process of ours`);
}

/** Waits until the process is gone; false when it still runs after `timeoutMs`. */
export async function waitForExit(pid: number, timeoutMs: number): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  while (isAlive(pid)) {
    if (Date.now() > end) return false;
    await delay(15);
  }
  return true;
}

/**
 * Ends a postmaster and everything it started: fast shutdown, then by force.
 * A paused one is woken first, since it could not hear the request.
 */
export async function endPostmaster(pid: number, politeMs = 10_000): Promise<void> {
  if (!isAlive(pid)) return;
  signalTree(pid, 'SIGCONT');
  sendSignal(pid, 'SIGINT');
  if (await waitForExit(pid, politeMs)) return;
  signalTree(pid, 'SIGKILL');
  await waitForExit(pid, 5_000);
}

/** The fields of /proc/<pid>/stat behind the name (which may hold spaces): [0] is the state, [1] the parent, [19] the start time. */
function statFields(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** [pid, parent] of every process. */
function processTable(): [number, number][] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => [Number(pid), Number(statFields(Number(pid))?.[1] ?? -1)]);
}
