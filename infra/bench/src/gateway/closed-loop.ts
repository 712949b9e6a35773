import { treeUsage } from '../process-usage.ts';
import { Connection } from './connection.ts';
import type { RunningContender } from './contenders/contender.ts';
import { assertGood, type NextRequest } from './requests.ts';

export interface ClosedRound {
  readonly requests: number;
  /** CPU milliseconds of the gateway's process tree for one request, as the kernel counts them. */
  readonly cpuMs: number;
  readonly perSecond: number;
}

/** So many connections that each ask as soon as they are answered. Stops after `requests`, or at `mostSeconds`. */
export async function runClosed(
  contender: RunningContender,
  next: NextRequest,
  limits: { readonly requests: number; readonly connections: number; readonly mostSeconds: number },
): Promise<ClosedRound> {
  const connections = Array.from(
    { length: Math.min(limits.connections, limits.requests) },
    () => new Connection(contender.url),
  );
  const before = treeUsage(contender.process.pid).cpuSeconds;
  const started = performance.now();
  const end = started + limits.mostSeconds * 1_000;
  let left = limits.requests;
  let done = 0;
  const ask = async (connection: Connection): Promise<void> => {
    while (left > 0 && performance.now() < end) {
      left -= 1;
      assertGood(contender.name, await connection.send(next()));
      done += 1;
    }
  };
  try {
    await Promise.all(connections.map(ask));
    const seconds = (performance.now() - started) / 1_000;
    const cpu = treeUsage(contender.process.pid).cpuSeconds - before;
    return { requests: done, cpuMs: (cpu * 1_000) / done, perSecond: done / seconds };
  } finally {
    for (const connection of connections) connection.close();
  }
}
