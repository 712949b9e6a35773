import { readdirSync, readFileSync } from 'node:fs';

function residentOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    const own = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
    return children.reduce((sum, child) => sum + residentOf(child), own);
  } catch {
    return 0; // it ended meanwhile
  }
}

const EVERY_MS = 200;

/** The most memory that the process tree had resident while `work` ran, in bytes; pages shared with others count. */
export async function whileWatchingMemory<T>(pid: number, work: () => Promise<T>): Promise<readonly [T, number]> {
  let most = residentOf(pid);
  const timer = setInterval(() => {
    most = Math.max(most, residentOf(pid));
  }, EVERY_MS);
  try {
    const result = await work();
    return [result, Math.max(most, residentOf(pid))];
  } finally {
    clearInterval(timer);
  }
}
