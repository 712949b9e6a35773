import { Connection } from './connection.ts';
import type { RunningContender } from './contenders/contender.ts';
import { assertGood, type NextRequest } from './requests.ts';

/** The gateway, the subgraphs or the clients could not hold this rate now: there is no latency to tell. */
export class CannotKeepUp extends Error {}

export interface OpenRound {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const TICK_MS = 1;
/** What a timer may be late without telling anything about the gateway. */
const TIMER_SLACK_MS = 2;
const MOST_CONNECTIONS = 2_000;

/**
 * Requests that come when they come, whether the gateway has answered the ones before or not: a slow one is not let off
 * the requests that it kept from being sent. Time counts from the moment a request was due.
 */
export async function runOpen(
  contender: RunningContender,
  next: NextRequest,
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
): Promise<OpenRound> {
  const idle: Connection[] = [];
  const all: Connection[] = [];
  const times: number[] = [];
  const inFlight = new Set<Promise<void>>();
  let failure: unknown;
  const ask = async (due: number): Promise<void> => {
    const connection = idle.pop() ?? open();
    const answer = await connection.send(next());
    times.push(performance.now() - due);
    assertGood(contender.name, answer);
    idle.push(connection);
  };
  const open = (): Connection => {
    if (all.length >= MOST_CONNECTIONS)
      throw new CannotKeepUp(`${contender.name} does not keep up with ${perSecond.toFixed(0)}/s`);
    const connection = new Connection(contender.url);
    all.push(connection);
    return connection;
  };
  const started = performance.now();
  const total = Math.ceil(perSecond * seconds);
  for (let sent = 0; sent < total && failure === undefined; ) {
    const now = performance.now();
    for (; sent < total; sent += 1) {
      const due = started + (sent * 1_000) / perSecond;
      if (due > now) break;
      const asked = ask(now - due > TIMER_SLACK_MS ? due : now).catch((error: unknown) => {
        failure = error;
      });
      inFlight.add(asked);
      void asked.then(() => inFlight.delete(asked));
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(inFlight);
  for (const connection of all) connection.close();
  if (failure !== undefined) throw failure;
  return { perSecond, p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
