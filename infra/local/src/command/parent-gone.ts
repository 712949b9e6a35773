import { readFileSync } from 'node:fs';

/** The kernel hands an orphan over at once; a person who ended the parent sees the end of the graph begin. */
const LOOK_EVERY_MS = 500;

/**
 * Calls back once when the process that started this one is gone: `npm` and `sh` end at a signal without passing every
 * one of them on, and nobody would be left to end the graph. A session leader (`setsid`) was detached on purpose and
 * goes on without its parent.
 */
export function whenParentGone(onGone: () => void): void {
  if (isSessionLeader()) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** Field 6 of proc_pid_stat(5), counted from behind the name of the program, which can hold anything. */
function isSessionLeader(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const session = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3];
    return Number(session) === process.pid;
  } catch {
    return false; // a system without /proc
  }
}
