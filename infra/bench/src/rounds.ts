import autocannon from 'autocannon';
import { treeUsage } from './process-usage.ts';

/** A gateway under test and every other process that works for its requests. */
export interface Rival {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
}

/** One round: what so many requests cost. */
export interface Round {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU milliseconds a request, by the name of the process. */
  readonly cpuMs: Readonly<Record<string, number>>;
}

export interface Request {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends the requests over so many connections and reads the CPU of every named process before and after. */
export async function runRound(
  rival: Rival,
  request: Request,
  options: {
    readonly requests: number;
    readonly connections: number;
    readonly others: Readonly<Record<string, number>>;
  },
): Promise<Round> {
  const pids = { gateway: rival.pid, ...options.others };
  const usage = () => Object.entries(pids).map(([name, pid]) => [name, treeUsage(pid).cpuSeconds] as const);
  const before = new Map(usage());
  const { requests, latency, non2xx, errors, duration } = await autocannon({
    url: rival.url,
    method: 'POST',
    headers: { ...request.headers },
    body: request.body,
    amount: options.requests,
    connections: options.connections,
  });
  if (non2xx > 0 || errors > 0) throw new Error(`${rival.name}: ${non2xx} answers without success, ${errors} errors`);
  return {
    requestsPerSecond: requests.total / duration,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    cpuMs: Object.fromEntries(
      usage().map(([name, seconds]) => [name, ((seconds - (before.get(name) ?? 0)) * 1_000) / options.requests]),
    ),
  };
}

/** The middle one: a neighbour on the machine spoils a round, not the figure. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
